#include "tests/faults/http2_tap.h"

#include <gtest/gtest.h>

#include <string>

namespace gsh::faults {
namespace {

constexpr int kData = 0;
constexpr int kHeaders = 1;
constexpr int kSettings = 4;
constexpr int kEndStream = 1;

std::string FrameOf(int type, int flags, int stream, std::size_t length) {
  std::string frame = {
      static_cast<char>(length >> 16), static_cast<char>(length >> 8), static_cast<char>(length),
      static_cast<char>(type),         static_cast<char>(flags),       '\0',
      static_cast<char>(stream >> 16), static_cast<char>(stream >> 8), static_cast<char>(stream)};
  return frame + std::string(length, 'x');
}

// The preface, settings, and two calls.
std::string Client() {
  return std::string(24, 'P') + FrameOf(kSettings, 0, 0, 18) + FrameOf(kHeaders, 4, 1, 40) +
         FrameOf(kData, kEndStream, 1, 300) + FrameOf(kHeaders, 4, 3, 10) +
         FrameOf(kData, kEndStream, 3, 5);
}

class Http2TapTest : public ::testing::Test {
 protected:
  // Cuts the second call.
  Http2Tap TapAt(Step at) {
    return Http2Tap([this, at](Step& step) {
      step = at;
      return ++calls_ == 2;
    });
  }
  // How many bytes pass, given in pieces; -1 - that many if the connection is cut then.
  template <typename Fn>
  static long Feed(Fn from, const std::string& bytes, std::size_t piece) {
    long passed = 0;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      const Http2Tap::Verdict verdict = from(std::string_view(bytes).substr(at, piece));
      passed += static_cast<long>(verdict.pass);
      if (verdict.cut) return -1 - passed;
    }
    return passed;
  }
  static auto Of(Http2Tap& tap, Http2Tap::Verdict (Http2Tap::*direction)(std::string_view)) {
    return [&tap, direction](std::string_view bytes) { return (tap.*direction)(bytes); };
  }

  int calls_ = 0;
};

TEST_F(Http2TapTest, BeforeTheRequestNothingOfItPasses) {
  const std::string client = Client();
  const long before = static_cast<long>(client.size()) - (9 + 10) - (9 + 5);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{10000}}) {
    calls_ = 0;
    Http2Tap tap = TapAt(Step::kBeforeRequest);
    const long passed = Feed(Of(tap, &Http2Tap::FromClient), client, piece);
    // In small pieces, some of the frame's header has gone before it is known.
    EXPECT_LT(passed, 0) << piece;
    EXPECT_GE(-1 - passed, before) << piece;
    EXPECT_LT(-1 - passed, before + 9) << piece;
  }
}

TEST_F(Http2TapTest, BeforeTheAnswerTheWholeRequestPasses) {
  const std::string client = Client();
  Http2Tap tap = TapAt(Step::kBeforeAnswer);
  EXPECT_EQ(Feed(Of(tap, &Http2Tap::FromClient), client, 11), static_cast<long>(client.size()));
  const std::string other = FrameOf(kSettings, 0, 0, 6) + FrameOf(kHeaders, 4, 1, 20) +
                            FrameOf(kData, 0, 1, 50) + FrameOf(kHeaders, 5, 1, 8);
  EXPECT_EQ(Feed(Of(tap, &Http2Tap::FromServer), other + FrameOf(kHeaders, 4, 3, 20), 10000),
            -1 - static_cast<long>(other.size()));
}

TEST_F(Http2TapTest, InMidAnswerHalfOfTheFirstDataPasses) {
  Http2Tap tap = TapAt(Step::kMidAnswer);
  Feed(Of(tap, &Http2Tap::FromClient), Client(), 10000);
  const std::string begin = FrameOf(kData, 0, 1, 50) + FrameOf(kHeaders, 4, 3, 20);
  EXPECT_EQ(Feed(Of(tap, &Http2Tap::FromServer), begin + FrameOf(kData, 0, 3, 100), 10000),
            -1 - static_cast<long>(begin.size() + 9 + 50));
}

TEST_F(Http2TapTest, AnAnswerWithoutDataIsCutInItsTrailers) {
  Http2Tap tap = TapAt(Step::kMidAnswer);
  Feed(Of(tap, &Http2Tap::FromClient), Client(), 10000);
  EXPECT_EQ(Feed(Of(tap, &Http2Tap::FromServer), FrameOf(kHeaders, 4 | kEndStream, 3, 20), 10000),
            -1 - (9 + 10));
}

}  // namespace
}  // namespace gsh::faults
