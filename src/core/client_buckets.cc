#include "src/core/client_buckets.h"

#include <algorithm>
#include <chrono>

namespace gsh::internal {

ClientBuckets::Bucket& ClientBuckets::Fill(const std::string& client, SteadyTime now) {
  const auto found = by_client_.find(client);
  if (found != by_client_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, found->second);
    Bucket& bucket = buckets_.front();
    const double seconds = std::chrono::duration<double>(now - bucket.at).count();
    bucket.tokens = std::min(options_.burst, bucket.tokens + seconds * options_.per_second);
    bucket.at = now;
    return bucket;
  }
  buckets_.push_front({client, options_.burst, now});
  by_client_.emplace(client, buckets_.begin());
  if (buckets_.size() > std::max<std::size_t>(1, options_.clients)) {
    by_client_.erase(buckets_.back().client);
    buckets_.pop_back();
  }
  return buckets_.front();
}

bool ClientBuckets::Take(const std::string& client, SteadyTime now) {
  Bucket& bucket = Fill(client, now);
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

void ClientBuckets::Return(const std::string& client, SteadyTime now) {
  Bucket& bucket = Fill(client, now);
  bucket.tokens = std::min(options_.burst, bucket.tokens + 1);
}

Duration ClientBuckets::Pause(const std::string& client, SteadyTime now) {
  const double missing = 1 - Fill(client, now).tokens;
  if (missing <= 0) return Duration::zero();
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(missing / options_.per_second));
}

}  // namespace gsh::internal
