// Lists of several pages.
#include <memory>
#include <utility>

#include "gsh/kubernetes/objects.h"
#include "src/core/await.h"
#include "src/kubernetes/time_left.h"

namespace gsh::kubernetes {
namespace {

constexpr int kPageSize = 500;
// A list that expires half-way is begun again; one that does so each time is too long for the
// server.
constexpr int kMaxBeginnings = 3;

class Listing : public std::enable_shared_from_this<Listing> {
 public:
  Listing(Client& client, Request list, CallOptions options,
          ResultCallback<std::vector<std::string>> done)
      : client_(client),
        list_(std::move(list)),
        left_(client.clock(), std::move(options)),
        done_(std::move(done)) {
    list_.verb = Verb::kList;
    if (list_.limit == 0) list_.limit = kPageSize;
  }

  void Next() {
    client_.CallAsync(
        list_, left_.Options(),
        [self = shared_from_this()](const StatusOr<std::string>& answer) { self->OnPage(answer); });
  }

 private:
  void OnPage(const StatusOr<std::string>& answer) {
    const bool expired = answer.status().code() == StatusCode::kOutOfRange;
    if (expired && !list_.continue_token.empty() && ++beginnings_ < kMaxBeginnings) {
      items_.clear();
      list_.continue_token.clear();
      return Next();
    }
    if (!answer.ok()) return done_(answer.status());
    StatusOr<Page> page = ParsePage(*answer);
    if (!page.ok()) return done_(page.status());
    for (std::string& item : page->items) items_.push_back(std::move(item));
    if (page->continue_token.empty()) return done_(std::move(items_));
    list_.continue_token = std::move(page->continue_token);
    Next();
  }

  Client& client_;
  Request list_;
  const TimeLeft left_;
  const ResultCallback<std::vector<std::string>> done_;
  std::vector<std::string> items_;
  int beginnings_ = 0;
};

}  // namespace

void ListAllAsync(Client& client, Request list, CallOptions options,
                  ResultCallback<std::vector<std::string>> done) {
  std::make_shared<Listing>(client, std::move(list), std::move(options), std::move(done))->Next();
}

StatusOr<std::vector<std::string>> ListAll(Client& client, Request list, CallOptions options) {
  return internal::Await<StatusOr<std::vector<std::string>>>(
      std::move(options), [&](CallOptions inner, auto done) {
        ListAllAsync(client, std::move(list), std::move(inner), std::move(done));
      });
}

}  // namespace gsh::kubernetes
