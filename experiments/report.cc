#include "experiments/report.h"

#include "common/file.h"
#include "experiments/html.h"
#include "experiments/problem_report.h"
#include "experiments/report_files.h"
#include "experiments/report_sections.h"
#include "experiments/run_directory.h"

namespace restock {

namespace {

constexpr size_t kMaxBytes = 1'000'000;

std::string ReportPage(const RunFiles& run, int max_charts) {
  if (IsProblemRun(run)) return ProblemReportPage(run);
  return HtmlPage(run.name + " – Restock report", HeadlineHtml(run),
                  {{"policies", "Policies", PoliciesHtml(run)},
                   {"costs", "Costs", CostsHtml(run)},
                   {"scarcity", "What is scarce", ScarcityHtml(run)},
                   {"service", "What service costs", ServiceHtml(run)},
                   {"promotions", "What the promotions need", PromotionsHtml(run)},
                   {"data", "Data", DataHtml(run)},
                   {"forecasts", "Forecasts", ForecastsHtml(run, max_charts)},
                   {"causes", "What forecasts rely on",
                    ForecastExplanationsHtml(run) + ForecastCausesHtml(run) + RetrainingHtml(run)},
                   {"inventory", "Stock and orders", InventoryHtml(run, max_charts)},
                   {"learning", "Learning", LearningHtml(run, max_charts)},
                   {"method", "How it was measured", MethodHtml(run)},
                   {"configuration", "Configuration", ConfigurationHtml(run)}});
}

}  // namespace

void WriteReport(const std::filesystem::path& run_dir) {
  const RunFiles run = ReadRunFiles(run_dir);
  std::string page;
  for (const int max_charts : {6, 3, 1, 0}) {
    page = ReportPage(run, max_charts);
    if (page.size() <= kMaxBytes) break;
  }
  WriteFileAtomically(RunDirectory::Open(run_dir).report(), page);
}

}  // namespace restock
