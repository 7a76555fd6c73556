#include "src/matcher/groups.h"

#include <algorithm>
#include <utility>

namespace gsh::matcher {

RegionGroups::RegionGroups(const SortedTickets& sorted, const Grid& grid, std::uint32_t region,
                           std::uint32_t match_size, std::vector<std::uint32_t>& left)
    : region_(region), match_size_(match_size) {
  const Packing& packing = sorted.packing();
  const std::uint64_t* begin = sorted.begin(region);
  for (std::uint32_t band = 0; band < grid.bands(); ++band) {
    const std::uint32_t limit = grid.EndOffset(band);
    const std::uint64_t* end =
        std::partition_point(begin, sorted.end(region),
                             [&](std::uint64_t word) { return packing.Offset(word) < limit; });
    const std::size_t whole = static_cast<std::size_t>(end - begin) / match_size;
    const std::uint64_t* rest = begin + whole * match_size;
    if (whole > 0) segments_.push_back({band, begin, rest});
    size_ += whole;
    for (; rest != end; ++rest) left.push_back(packing.Ticket(*rest));
    begin = end;
  }
}

const std::uint64_t* RegionGroups::at(std::size_t group) const {
  std::size_t segment = front_;
  for (;; ++segment) {
    const auto [band, begin, end] = segments_[segment];
    const std::size_t groups = static_cast<std::size_t>(end - begin) / match_size_;
    if (group < groups) return begin + group * match_size_;
    group -= groups;
  }
}

RegionGroups RegionGroups::SplitOff(std::size_t first) {
  RegionGroups rest = *this;
  rest.segments_.clear();
  rest.front_ = 0;
  rest.size_ = size_ - first;
  size_ = first;
  std::vector<Segment> kept;
  for (std::size_t i = front_; i < segments_.size(); ++i) {
    const auto [band, begin, end] = segments_[i];
    const std::size_t groups = static_cast<std::size_t>(end - begin) / match_size_;
    const std::uint64_t* const cut = begin + std::min(first, groups) * match_size_;
    first -= std::min(first, groups);
    if (cut != begin) kept.push_back({band, begin, cut});
    if (cut != end) rest.segments_.push_back({band, cut, end});
  }
  segments_ = std::move(kept);
  front_ = 0;
  return rest;
}

void RegionGroups::PopFront() {
  Segment& segment = segments_[front_];
  segment.begin += match_size_;
  if (segment.begin == segment.end) ++front_;
  --size_;
}

void RegionGroups::PopBack() {
  Segment& segment = segments_.back();
  segment.end -= match_size_;
  if (segment.begin == segment.end) segments_.pop_back();
  --size_;
}

std::pair<std::size_t, std::size_t> RegionGroups::GroupsOf(std::uint32_t band) const {
  std::size_t begin = 0;
  for (std::size_t i = front_; i < segments_.size(); ++i) {
    const std::size_t groups =
        static_cast<std::size_t>(segments_[i].end - segments_[i].begin) / match_size_;
    if (segments_[i].band == band) return {begin, begin + groups};
    begin += groups;
  }
  return {begin, begin};
}

void RegionGroups::Remove(std::size_t group) {
  const std::uint64_t* const first = at(group);
  std::size_t i = front_;
  while (first < segments_[i].begin || first >= segments_[i].end) ++i;
  const Segment before{segments_[i].band, segments_[i].begin, first};
  const Segment behind{segments_[i].band, first + match_size_, segments_[i].end};
  auto place = segments_.erase(segments_.begin() + static_cast<std::ptrdiff_t>(i));
  if (behind.begin != behind.end) place = segments_.insert(place, behind);
  if (before.begin != before.end) segments_.insert(place, before);
  --size_;
}

}  // namespace gsh::matcher
