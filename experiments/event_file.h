#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace restock {

/// Writes scalars for TensorBoard: an `events.out.tfevents.*` file, which is a series of TFRecords (length, masked
/// CRC-32C of the length, data, masked CRC-32C of the data) that each hold an Event message of protocol buffers.
///
///   EventFile events(run_dir);
///   events.Scalar("ppo-1/mean_cost", /*step=*/4096, 12.3);
class EventFile {
 public:
  /// Starts a new file in `folder`, in the place of older ones. Throws std::runtime_error when the disk refuses.
  explicit EventFile(const std::filesystem::path& folder);

  void Scalar(std::string_view tag, int64_t step, double value);
  /// What was written so far can be seen by a TensorBoard that watches.
  void Flush() { out_.flush(); }

 private:
  void WriteRecord(const std::string& event);

  std::ofstream out_;
};

}  // namespace restock
