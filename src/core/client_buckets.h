// ClientBuckets: a token bucket for each client, in bounded memory.
#ifndef GSH_SRC_CORE_CLIENT_BUCKETS_H_
#define GSH_SRC_CORE_CLIENT_BUCKETS_H_

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>

#include "gsh/clock.h"
#include "gsh/export.h"

namespace gsh::internal {

struct BucketOptions {
  double burst = 1;       // tokens that a new client has, and the most that one can have; >= 1
  double per_second = 1;  // tokens that come back; > 0
  std::size_t clients = 10'000;  // remembered; beyond, the one longest unseen is forgotten
};

// Not thread-safe: its owner's mutex guards it.
class GSH_EXPORT ClientBuckets {
 public:
  explicit ClientBuckets(BucketOptions options) : options_(options) {}

  // Takes a token; false if the client has none.
  bool Take(const std::string& client, SteadyTime now);
  // Gives one back.
  void Return(const std::string& client, SteadyTime now);
  // When a client that has none may come again.
  Duration Pause(const std::string& client, SteadyTime now);

  std::size_t size() const { return buckets_.size(); }

 private:
  struct Bucket {
    std::string client;
    double tokens;
    SteadyTime at;
  };
  Bucket& Fill(const std::string& client, SteadyTime now);

  const BucketOptions options_;
  std::list<Bucket> buckets_;  // the last seen in front
  std::unordered_map<std::string, std::list<Bucket>::iterator> by_client_;
};

}  // namespace gsh::internal

#endif  // GSH_SRC_CORE_CLIENT_BUCKETS_H_
