#include "src/chat/chat_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace gsh::chat {
namespace {

TEST(ChatText, FirstPlayerFindsNobody) {
  EXPECT_EQ(JoinedText(4, "127.0.0.1", {}),
            "<announce> 127.0.0.1 is connected as <user4>.\n"
            "<announce> already connected: nobody.\n");
}

TEST(ChatText, LaterPlayersSeeWhoIsThere) {
  EXPECT_EQ(JoinedText(6, "::1", {{4, "127.0.0.1"}, {5, "192.0.2.7"}}),
            "<announce> ::1 is connected as <user6>.\n"
            "<announce> already connected: 127.0.0.1 as <user4>, 192.0.2.7 as <user5>.\n");
}

TEST(ChatText, Left) { EXPECT_EQ(LeftText(4), "<announce> <user4> is disconnected.\n"); }

// What ncat 7.93 sends for the same bytes.
TEST(ChatText, EscapesAsNcatDoes) {
  const std::string bytes("hello\x1b[1m\x00\xff\t\x7f w\xc3\xa9\r", 18);
  EXPECT_EQ(LineText(4, bytes), "<user4> hello\\033[1m\\000\\377\t\\177 w\\303\\251\r\n");
}

TEST(ChatText, CarriageReturnInsideCannotOverwriteTheName) {
  EXPECT_EQ(LineText(1, "a\r<announce> b"), "<user1> a\\015<announce> b\n");
}

}  // namespace
}  // namespace gsh::chat
