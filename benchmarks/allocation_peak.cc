#include "benchmarks/allocation_peak.h"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

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

void* CountOrThrow(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return Count(memory);
}

void* Aligned(std::size_t size, std::align_val_t alignment) {
  void* memory = nullptr;
  return posix_memalign(&memory, static_cast<std::size_t>(alignment), size) == 0 ? memory : nullptr;
}

void Free(void* memory) {
  if (counting.load(std::memory_order_relaxed) && memory != nullptr) {
    held.fetch_sub(static_cast<std::int64_t>(malloc_usable_size(memory)));
  }
  std::free(memory);
}

}  // namespace

// Every form, so that none is left to a malloc library that brings its own.
void* operator new(std::size_t size) { return CountOrThrow(std::malloc(size)); }
void* operator new[](std::size_t size) { return CountOrThrow(std::malloc(size)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return Count(std::malloc(size));
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return Count(std::malloc(size));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return CountOrThrow(Aligned(size, alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return CountOrThrow(Aligned(size, alignment));
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return Count(Aligned(size, alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return Count(Aligned(size, alignment));
}

void operator delete(void* memory) noexcept { Free(memory); }
void operator delete[](void* memory) noexcept { Free(memory); }
void operator delete(void* memory, std::size_t) noexcept { Free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { Free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { Free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { Free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { Free(memory); }

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
