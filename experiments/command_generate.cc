#include <iostream>
#include <memory>

#include "common/random.h"
#include "experiments/commands.h"
#include "experiments/stages.h"

namespace restock {

void AddGenerateCommands(CLI::App& app) {
  const auto config = std::make_shared<ConfigArgument>();
  const auto out = std::make_shared<std::string>();

  CLI::App* validate =
      app.add_subcommand("validate", "Check a configuration, its sales file and its network; run nothing");
  config->AddTo(*validate, "A configuration");
  validate->footer("Example:\n  restock validate configs/quickstart.yaml scenarios.train=64");
  validate->callback([config] {
    const ExperimentConfig checked = config->Read();
    CheckExperiment(checked);
    std::cout << config->path << ": is valid\n";
  });

  CLI::App* generate =
      app.add_subcommand("generate", "Write the demo sales that a configuration with data.generate learns from");
  config->AddTo(*generate, "A configuration with data.generate");
  generate->add_option("--out", *out, "The sales file to write")->required();
  generate->footer("Example:\n  restock generate configs/quickstart.yaml data.generate.num_skus=50 --out sales.csv");
  generate->callback([config, out] {
    const ExperimentConfig read = config->Read();
    if (!read.data.generate)
      throw ConfigError(config->path + ": has no data.generate: block that says what to generate.");
    WriteSalesFile(GenerateSales(*read.data.generate, DataRandom(read)), *out);
    std::cout << *out << "\n";
  });
}

}  // namespace restock
