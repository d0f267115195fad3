// Names and texts that others chose (paths, tasks, errors of a simulator) as a message may print them: a terminal
// obeys what is not printable, and a line end in a name makes a message of its own. Every message that prints one goes
// through here.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ddpg {

/// The text on one line: what is not printable (ESC, BEL, line ends, what turns the direction of writing, bytes that
/// are no UTF-8) as \xNN. Letters of all languages stay.
std::string shown(std::string_view text);
std::string shown(const std::string& text);
std::string shown(const char* text);
std::string shown(const std::filesystem::path& path);
/// A text of several lines, such as a whole message: likewise, but line ends stay.
std::string shown_lines(std::string_view text);

/// A path as it must be typed, for commands that a message advises: in quotes when a shell would read it otherwise,
/// with ./ before it when it would be taken for a flag.
std::string typed(const std::filesystem::path& path);

}  // namespace ddpg
