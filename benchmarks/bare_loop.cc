#include "benchmarks/bare_loop.h"

#include <algorithm>
#include <array>

#include "common/check.h"
#include "env/philox_rows.h"
#include "env/row_value.h"

namespace restock {
namespace {

constexpr float kHoldingCost = 1;
constexpr float kStockoutCost = 9;
constexpr float kUnitCost = 0.5f;
constexpr uint64_t kKey = 7;
constexpr int kSitesPerCounter = 4;

}  // namespace

BareLoop::BareLoop(int num_blocks, int num_sites, const std::vector<double>& means, int num_periods, bool is_given)
    : num_sites_(num_sites),
      num_rows_(static_cast<ptrdiff_t>(num_blocks) * num_sites),
      num_periods_(num_periods),
      is_given_(is_given),
      reward_(static_cast<size_t>(num_blocks) * kBlockSize) {
  RESTOCK_CHECK_EQ(num_sites % kSitesPerCounter, 0);
  for (const double mean : means) tables_.emplace_back(CountDistribution{mean, 0});
  for (int site = 0; site < num_sites; ++site) table_.push_back(site % static_cast<int>(means.size()));

  const auto size = static_cast<size_t>(num_rows_) * kBlockSize;
  on_hand_.resize(size);
  in_transit_.resize(size * kLeadTime);
  orders_.resize(size);
  if (is_given) demand_.resize(size * static_cast<size_t>(num_periods));
  std::array<float, kSitesPerCounter * kBlockSize> drawn;
  for (int period = -1; period < (is_given ? num_periods : 0); ++period) {  // of period -1: the orders
    float* to = period < 0 ? orders_.data() : demand_.data() + static_cast<size_t>(period) * size;
    for (int block = 0; block < num_blocks; ++block) {
      for (int site = 0; site < num_sites; site += kSitesPerCounter) {
        DrawDemand(block, site, period, drawn.data());
        to = std::copy(drawn.begin(), drawn.end(), to);
      }
    }
  }
}

void BareLoop::DrawDemand(int block, int first_site, int period, float* demand) const {
  std::array<uint64_t, kBlockSize> env;
  for (size_t i = 0; i < kBlockSize; ++i) env[i] = static_cast<size_t>(block) * kBlockSize + i;
  PhiloxWords words;
  PhiloxRows(env, static_cast<uint32_t>(period), static_cast<uint32_t>(first_site), 0, kKey, words);
  for (int i = 0; i < kSitesPerCounter; ++i)  // rare counts that the tables leave out are taken as they come
    tables_[static_cast<size_t>(table_[static_cast<size_t>(first_site + i)])].Draw(words[static_cast<size_t>(i)].data(),
                                                                                   demand + i * kBlockSize);
}

void BareLoop::Step() {
  const ptrdiff_t size = num_rows_ * kBlockSize;
  float* on_hand = on_hand_.data();
  float* in_transit = in_transit_.data() + size * (period_ % kLeadTime);
  const float* orders = orders_.data();
  const float* given = demand_.data() + size * (is_given_ ? period_ % num_periods_ : 0);
  std::array<float, kSitesPerCounter * kBlockSize> drawn;

  for (int block = 0; block < num_rows_ / num_sites_; ++block) {
    RowValue reward;
    for (int first_site = 0; first_site < num_sites_; first_site += kSitesPerCounter) {
      const float* demand = is_given_ ? given : drawn.data();
      if (!is_given_) DrawDemand(block, first_site, period_, drawn.data());
      for (int i = 0; i < kSitesPerCounter; ++i, demand += kBlockSize) {
        const RowValue ordered = RowValue::Load(orders);
        const RowValue stock = RowValue::Load(on_hand) + RowValue::Load(in_transit);
        const RowValue wanted = RowValue::Load(demand);
        const RowValue sold = Min(stock, wanted);
        const RowValue left = stock - sold;
        left.Store(on_hand);
        ordered.Store(in_transit);
        reward = reward - kHoldingCost * left - kStockoutCost * (wanted - sold) - kUnitCost * ordered;
        on_hand += kBlockSize;
        in_transit += kBlockSize;
        orders += kBlockSize;
      }
      if (is_given_) given += kSitesPerCounter * kBlockSize;
    }
    reward.Store(reward_.data() + static_cast<ptrdiff_t>(block) * kBlockSize);
  }
  ++period_;
}

}  // namespace restock
