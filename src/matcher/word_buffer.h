// Buffer: uninitialised memory for a million things that are looked at in no order.
#ifndef GSH_SRC_MATCHER_WORD_BUFFER_H_
#define GSH_SRC_MATCHER_WORD_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace gsh::matcher {

inline constexpr std::size_t kHugePage = std::size_t{2} << 20;

// Asks the system for huge pages for memory that is about to be written: a wish; without it all
// works, slower.
inline void AskForHugePages(void* memory, std::size_t bytes) {
#ifdef __linux__
  const auto from = (reinterpret_cast<std::uintptr_t>(memory) + kHugePage - 1) & ~(kHugePage - 1);
  const auto to = (reinterpret_cast<std::uintptr_t>(memory) + bytes) & ~(kHugePage - 1);
  if (from < to) madvise(reinterpret_cast<void*>(from), to - from, MADV_HUGEPAGE);
#else
  static_cast<void>(memory);
  static_cast<void>(bytes);
#endif
}

// Large buffers ask for huge pages: a radix sort writes to 2048 places in turn, more than the
// processor keeps addresses of small pages for, and taking 4 KiB from the system at a time costs as
// much as a sorting pass.
template <typename T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  explicit Buffer(std::size_t size = 0) : size_(size) {
    std::size_t bytes = size * sizeof(T);
    const bool large = bytes >= kHugePage;
    const std::size_t alignment = large ? kHugePage : alignof(std::max_align_t);
    bytes = (bytes + alignment - 1) / alignment * alignment;
    if (bytes == 0) return;
    const std::align_val_t aligned{alignment};
    memory_ = {static_cast<T*>(::operator new(bytes, aligned)), Free{aligned}};
    if (large) AskForHugePages(memory_.get(), bytes);
  }
  T* data() const { return memory_.get(); }
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return memory_.get()[i]; }
  const T& operator[](std::size_t i) const { return memory_.get()[i]; }

 private:
  struct Free {
    std::align_val_t alignment{};
    void operator()(T* memory) const { ::operator delete(memory, alignment); }
  };
  std::unique_ptr<T[], Free> memory_;
  std::size_t size_ = 0;
};

using WordBuffer = Buffer<std::uint64_t>;

}  // namespace gsh::matcher

#endif  // GSH_SRC_MATCHER_WORD_BUFFER_H_
