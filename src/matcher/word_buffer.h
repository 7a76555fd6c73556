// WordBuffer: uninitialised memory for a million words that are written in no order.
#ifndef GSH_SRC_MATCHER_WORD_BUFFER_H_
#define GSH_SRC_MATCHER_WORD_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace gsh::matcher {

// Large buffers ask for huge pages: a radix sort writes to 2048 places in turn, more than the
// processor keeps addresses of small pages for, and taking 4 KiB from the system at a time costs as
// much as a sorting pass.
class WordBuffer {
 public:
  explicit WordBuffer(std::size_t words) {
    constexpr std::size_t kHugePage = std::size_t{2} << 20;
    std::size_t bytes = words * sizeof(std::uint64_t);
    const bool large = bytes >= kHugePage;
    const std::size_t alignment = large ? kHugePage : alignof(std::max_align_t);
    bytes = (bytes + alignment - 1) / alignment * alignment;
    if (bytes == 0) return;
    memory_.reset(static_cast<std::uint64_t*>(std::aligned_alloc(alignment, bytes)));
    if (memory_ == nullptr) throw std::bad_alloc();
#ifdef __linux__
    if (large)
      madvise(memory_.get(), bytes, MADV_HUGEPAGE);  // a wish; without it all works, slower
#endif
  }
  std::uint64_t* data() const { return memory_.get(); }

 private:
  struct Free {
    void operator()(std::uint64_t* memory) const { std::free(memory); }
  };
  std::unique_ptr<std::uint64_t[], Free> memory_;
};

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_WORD_BUFFER_H_
