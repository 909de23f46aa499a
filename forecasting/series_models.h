#pragma once

#include <memory>
#include <string>
#include <vector>

#include "forecasting/series_model.h"

namespace restock {

/// Names of all models of one series.
std::vector<std::string> SeriesModelNames();
/// A model that is not fitted yet; null where there is none of that name.
std::unique_ptr<SeriesModel> MakeSeriesModel(const std::string& name);

/// Every model of one series: its name, the function that makes it, and its file. A new model is one line here.
#define RESTOCK_SERIES_MODELS(MODEL)                                                    \
  MODEL(naive, MakeNaive)                                /* naive.cc */                 \
  MODEL(moving_average, MakeMovingAverage)               /* moving_average.cc */        \
  MODEL(simple_smoothing, MakeSimpleSmoothing)           /* ets.cc */                   \
  MODEL(holt, MakeHolt)                                  /* ets.cc */                   \
  MODEL(damped_holt, MakeDampedHolt)                     /* ets.cc */                   \
  MODEL(holt_winters, MakeHoltWinters)                   /* ets.cc */                   \
  MODEL(ets, MakeEts)                                    /* ets.cc */                   \
  MODEL(theta, MakeTheta)                                /* theta.cc */                 \
  MODEL(dynamic_theta, MakeDynamicTheta)                 /* dynamic_theta.cc */         \
  MODEL(arima, MakeArima)                                /* arima.cc */                 \
  MODEL(croston, MakeCroston)                            /* croston.cc */               \
  MODEL(sba, MakeSba)                                    /* croston.cc */               \
  MODEL(tsb, MakeTsb)                                    /* tsb.cc */                   \
  MODEL(adida, MakeAdida)                                /* adida.cc */                 \
  MODEL(polynomial_regression, MakePolynomialRegression) /* polynomial_regression.cc */ \
  MODEL(count_state_space, MakeCountStateSpace)          /* count_state_space.cc */     \
  MODEL(ensemble, MakeEnsemble)                          /* ensemble.cc */              \
  MODEL(stacking, MakeStacking)                          /* stacking.cc */

#define RESTOCK_DECLARE_SERIES_MODEL(name, make) std::unique_ptr<SeriesModel> make();
RESTOCK_SERIES_MODELS(RESTOCK_DECLARE_SERIES_MODEL)
#undef RESTOCK_DECLARE_SERIES_MODEL

}  // namespace restock
