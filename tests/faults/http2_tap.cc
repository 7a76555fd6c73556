#include "tests/faults/http2_tap.h"

#include <algorithm>

namespace gsh::faults {
namespace {

constexpr std::size_t kHeaderBytes = 9;
constexpr int kData = 0;
constexpr int kHeaders = 1;
constexpr int kEndStream = 1;

std::uint32_t Byte(const std::string& text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

}  // namespace

Http2Tap::Verdict Http2Tap::Read(Direction& direction, std::string_view bytes, Frame& cut_at,
                                 const OnFrame& on_frame) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t skipped = std::min(direction.skip, bytes.size() - at);
    direction.skip -= skipped;
    at += skipped;
    const std::size_t wanted = kHeaderBytes - direction.header.size();
    const std::string_view part = bytes.substr(at, wanted);
    const std::size_t begin = at - std::min(at, direction.header.size());
    direction.header += part;
    at += part.size();
    if (direction.header.size() < kHeaderBytes) continue;
    const std::string& h = direction.header;
    const Frame frame = {
        .length = Byte(h, 0) << 16 | Byte(h, 1) << 8 | Byte(h, 2),
        .type = static_cast<int>(Byte(h, 3)),
        .flags = static_cast<int>(Byte(h, 4)),
        .stream = (Byte(h, 5) & 0x7fu) << 24 | Byte(h, 6) << 16 | Byte(h, 7) << 8 | Byte(h, 8)};
    direction.header.clear();
    if (on_frame(frame)) {
      cut_at = frame;
      return {.pass = begin, .cut = true};
    }
    direction.skip = frame.length;
  }
  return {.pass = bytes.size()};
}

Http2Tap::Verdict Http2Tap::FromClient(std::string_view bytes) {
  Frame ignored;
  return Read(client_, bytes, ignored, [this](const Frame& frame) {
    if (frame.type != kHeaders || frame.stream <= last_stream_) return false;
    last_stream_ = frame.stream;
    Step step = Step::kBeforeRequest;
    if (!plan_(step)) return false;
    if (step == Step::kBeforeAnswer) cut_before_answer_.insert(frame.stream);
    if (step == Step::kMidAnswer) cut_mid_answer_.insert(frame.stream);
    return step == Step::kBeforeRequest;
  });
}

Http2Tap::Verdict Http2Tap::FromServer(std::string_view bytes) {
  Frame frame;
  Verdict verdict = Read(server_, bytes, frame, [this](const Frame& next) {
    if (next.type != kData && next.type != kHeaders) return false;
    if (cut_before_answer_.contains(next.stream)) return true;
    // The first data, or the trailers of an answer that has none.
    const bool is_body = next.type == kData || (next.flags & kEndStream) != 0;
    return is_body && cut_mid_answer_.contains(next.stream);
  });
  if (verdict.cut && cut_mid_answer_.contains(frame.stream)) {
    verdict.pass = std::min(bytes.size(), verdict.pass + kHeaderBytes + frame.length / 2);
  }
  return verdict;
}

}  // namespace gsh::faults
