#include "src/aws/imds/gather.h"

#include <memory>
#include <mutex>
#include <utility>

namespace gsh::aws {
namespace {

using Texts = std::vector<std::optional<std::string>>;

struct Gathering {
  std::mutex mutex;
  std::size_t missing = 0;
  Texts texts;
  Status error;
  std::function<void(StatusOr<Texts>)> done;

  void Take(std::size_t index, StatusOr<std::string> text) {
    {
      std::lock_guard lock(mutex);
      if (text.ok()) {
        texts[index] = *std::move(text);
      } else if (text.status().code() != StatusCode::kNotFound && error.ok()) {
        error = text.status();
      }
      if (--missing > 0) return;
    }
    if (!error.ok()) return done(error);
    done(std::move(texts));
  }
};

}  // namespace

void Gather(InstanceMetadata& imds, std::vector<std::string> paths, const CallOptions& options,
            std::function<void(StatusOr<Texts>)> done) {
  if (paths.empty()) return done(Texts());
  auto gathering = std::make_shared<Gathering>();
  gathering->missing = paths.size();
  gathering->texts.resize(paths.size());
  gathering->done = std::move(done);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    imds.GetAsync(std::move(paths[i]), options, [gathering, i](StatusOr<std::string> text) {
      gathering->Take(i, std::move(text));
    });
  }
}

}  // namespace gsh::aws
