// What the chat protocol of `ncat --chat` puts on the wire (checked against ncat 7.93).
#ifndef GSH_SRC_CHAT_CHAT_TEXT_H_
#define GSH_SRC_CHAT_CHAT_TEXT_H_

#include <map>
#include <string>
#include <string_view>

namespace gsh::chat {

// "<user7>".
std::string UserName(int user);

// "<announce> IP is connected as <userN>." and who else is there (`others`: address by number), as
// everyone gets it when `user` joins.
std::string JoinedText(int user, const std::string& address,
                       const std::map<int, std::string>& others);
std::string LeftText(int user);

// A line (without its line feed) as the others get it: what is no printable ASCII, tab or final
// carriage return is written in octal, \033, so that no player drives another's terminal.
std::string LineText(int user, std::string_view line);

}  // namespace gsh::chat

#endif  // GSH_SRC_CHAT_CHAT_TEXT_H_
