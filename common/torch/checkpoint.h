#pragma once

#include <string>

#include <torch/nn/module.h>
#include <torch/optim/adam.h>

#include "common/file.h"

namespace restock {

// Networks and optimisers in our own files, exact to the bit. Sections are named `prefix/parameter`; loading into a
// network of another shape, or from a file that lacks a parameter, is a DataError.

void AddTensor(SectionFileWriter& file, const std::string& name, const torch::Tensor& tensor);
void LoadTensor(const SectionFileReader& file, const std::string& name, const torch::Tensor& tensor);

void AddModule(SectionFileWriter& file, const std::string& prefix, const torch::nn::Module& module);
void LoadModule(const SectionFileReader& file, const std::string& prefix, torch::nn::Module& module);

/// Learning rate, steps and both moments of every parameter. Load into an optimiser over the same parameters in the
/// same order.
void AddAdam(SectionFileWriter& file, const std::string& prefix, const torch::optim::Adam& adam);
void LoadAdam(const SectionFileReader& file, const std::string& prefix, torch::optim::Adam& adam);

/// Copies all parameters and buffers of one network into another of the same shape.
void CopyModule(const torch::nn::Module& from, torch::nn::Module& to);

}  // namespace restock
