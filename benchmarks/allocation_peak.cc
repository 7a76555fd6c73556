#include "benchmarks/allocation_peak.h"

#include <errno.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

// glibc's own functions behind the replaceable ones.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);
}

namespace {

std::atomic<bool> counting = false;
std::atomic<std::int64_t> held = 0;
std::atomic<std::int64_t> peak = 0;

void* Count(void* memory) {
  if (counting.load(std::memory_order_relaxed) && memory != nullptr) {
    const auto size = static_cast<std::int64_t>(malloc_usable_size(memory));
    const std::int64_t now = held.fetch_add(size) + size;
    std::int64_t before = peak.load();
    while (before < now && !peak.compare_exchange_weak(before, now)) {
    }
  }
  return memory;
}

void Discount(void* memory) {
  if (!counting.load(std::memory_order_relaxed) || memory == nullptr) return;
  held.fetch_sub(static_cast<std::int64_t>(malloc_usable_size(memory)));
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) { return Count(__libc_malloc(size)); }
void* calloc(std::size_t count, std::size_t size) { return Count(__libc_calloc(count, size)); }
void* realloc(void* memory, std::size_t size) {
  Discount(memory);
  return Count(__libc_realloc(memory, size));
}
void* memalign(std::size_t alignment, std::size_t size) {
  return Count(__libc_memalign(alignment, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return Count(__libc_memalign(alignment, size));
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  void* const got = Count(__libc_memalign(alignment, size));
  if (got == nullptr) return ENOMEM;
  *memory = got;
  return 0;
}
void free(void* memory) {
  Discount(memory);
  __libc_free(memory);
}

}  // extern "C"

namespace gsh::benchmarks {

AllocationPeak::AllocationPeak() {
  held = 0;
  peak = 0;
  counting = true;
}

AllocationPeak::~AllocationPeak() { counting = false; }

std::size_t AllocationPeak::bytes() const {
  return static_cast<std::size_t>(std::max<std::int64_t>(peak, 0));
}

}  // namespace gsh::benchmarks
