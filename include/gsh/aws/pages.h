// Lists that come in pages, as one range.
#ifndef GSH_AWS_PAGES_H_
#define GSH_AWS_PAGES_H_

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gsh/status.h"

namespace gsh::aws {

template <typename Item>
struct Page {
  std::vector<Item> items = {};
  std::string next_token = {};  // empty: the last page
};

// All items, page by page, each fetched when it is needed; blocks meanwhile. An error is the last
// element. To be gone through once:
//
//   for (const StatusOr<gamelift::GameServer>& server : gamelift->AllGameServers({...})) {
//     if (!server.ok()) return server.status();
//     ...
//   }
template <typename Item>
class PageRange {
  struct State;

 public:
  // Gives the page that `token` names; empty: the first.
  using Fetch = std::function<StatusOr<Page<Item>>(std::string token)>;

  explicit PageRange(Fetch fetch) : state_(std::make_shared<State>(std::move(fetch))) {}

  class Iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = StatusOr<Item>;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    const StatusOr<Item>& operator*() const { return *state_->current; }
    const StatusOr<Item>* operator->() const { return &*state_->current; }
    Iterator& operator++() {
      state_->Next();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& it, std::default_sentinel_t) {
      return it.state_ == nullptr || !it.state_->current.has_value();
    }

   private:
    friend class PageRange;
    explicit Iterator(std::shared_ptr<State> state) : state_(std::move(state)) {}
    std::shared_ptr<State> state_;
  };

  Iterator begin() {
    state_->Next();
    return Iterator(state_);
  }
  std::default_sentinel_t end() const { return {}; }

 private:
  struct State {
    explicit State(Fetch fetch_page) : fetch(std::move(fetch_page)) {}

    void Next() {
      current.reset();
      while (position == page.items.size() && !ended) FetchNext();
      if (position < page.items.size()) current.emplace(std::move(page.items[position++]));
    }
    void FetchNext() {
      StatusOr<Page<Item>> next = fetch(page.next_token);
      position = 0;
      if (!next.ok()) return End(next.status());
      if (!next->next_token.empty() && HasBeen(next->next_token)) {
        return End(InternalError("the service gave a page token twice"));
      }
      page = *std::move(next);
      ended = page.next_token.empty();
    }
    // Else a service whose tokens go in a circle would be asked for ever. One token is remembered,
    // a new one after 1, 2, 4 ... pages (Brent's algorithm).
    bool HasBeen(const std::string& token) {
      if (token == remembered) return true;
      if (++pages_since == pages_until_next) {
        remembered = token;
        pages_since = 0;
        pages_until_next *= 2;
      }
      return false;
    }
    void End(const Status& status) {
      page.items.clear();
      ended = true;
      current.emplace(status);
    }

    Fetch fetch;
    Page<Item> page = {};
    std::size_t position = 0;
    bool ended = false;
    std::string remembered = {};
    std::size_t pages_since = 0;
    std::size_t pages_until_next = 1;
    std::optional<StatusOr<Item>> current = {};
  };

  std::shared_ptr<State> state_;
};

}  // namespace gsh::aws

#endif  // GSH_AWS_PAGES_H_
