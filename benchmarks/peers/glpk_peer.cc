#include <algorithm>
#include <cmath>
#include <vector>

#include <glpk.h>

#include "benchmarks/peers/lp_peers.h"

namespace restock {
namespace {

int BoundType(double lower, double upper) {
  if (lower == upper) return GLP_FX;
  if (std::isfinite(lower)) return std::isfinite(upper) ? GLP_DB : GLP_LO;
  return std::isfinite(upper) ? GLP_UP : GLP_FR;
}

}  // namespace

PeerSolve SolveByGlpk(const LpModel& model, double time_limit) {
  glp_term_out(GLP_OFF);
  glp_prob* const lp = glp_create_prob();
  glp_set_obj_dir(lp, model.sense == LpSense::kMaximize ? GLP_MAX : GLP_MIN);
  glp_set_obj_coef(lp, 0, model.objective_offset);
  glp_add_rows(lp, std::max(1, model.num_rows()));
  glp_add_cols(lp, std::max(1, model.num_columns()));
  for (int row = 0; row < model.num_rows(); ++row) {
    const double lower = model.row_lower[static_cast<size_t>(row)], upper = model.row_upper[static_cast<size_t>(row)];
    glp_set_row_bnds(lp, row + 1, BoundType(lower, upper), lower, upper);
  }
  std::vector<int> rows;
  std::vector<double> values;
  for (int column = 0; column < model.num_columns(); ++column) {
    const auto j = static_cast<size_t>(column);
    glp_set_col_bnds(lp, column + 1, BoundType(model.lower[j], model.upper[j]), model.lower[j], model.upper[j]);
    glp_set_obj_coef(lp, column + 1, model.cost[j]);
    rows.assign(1, 0);
    values.assign(1, 0);
    for (auto k = static_cast<size_t>(model.start[j]); k < static_cast<size_t>(model.start[j + 1]); ++k) {
      rows.push_back(model.index[k] + 1);
      values.push_back(model.value[k]);
    }
    glp_set_mat_col(lp, column + 1, static_cast<int>(rows.size()) - 1, rows.data(), values.data());
  }

  glp_smcp parameters;
  glp_init_smcp(&parameters);
  parameters.msg_lev = GLP_MSG_OFF;
  parameters.meth = GLP_DUALP;
  parameters.tm_lim = static_cast<int>(std::min(1e6, time_limit) * 1000);
  const double start = ProgramCpuSeconds();
  glp_scale_prob(lp, GLP_SF_AUTO);
  glp_adv_basis(lp, 0);
  const bool has_run = glp_simplex(lp, &parameters) == 0;
  const double seconds = ProgramCpuSeconds() - start;
  const PeerSolve result{has_run && glp_get_status(lp) == GLP_OPT, glp_get_obj_val(lp), glp_get_it_cnt(lp), seconds};
  glp_delete_prob(lp);
  return result;
}

}  // namespace restock
