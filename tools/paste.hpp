#pragma once

#include <cstddef>
#include <optional>

namespace approvekit::tools {

// What a terminal sends in front of a paste and behind it, and how it is told to.
constexpr const char* paste_start = "\\e[200~";  // as libedit writes it
constexpr const char* marks_pastes = "\x1b[?2004h";
constexpr const char* marks_no_pastes = "\x1b[?2004l";

/// Follows what a terminal sends, one character after the other, and makes one line of what is pasted: its line ends
/// are blanks, so that nobody answers what they have not seen by a paste of several lines. A value.
class PasteFilter {
public:
    /// What `character` is to be; nothing where it is to be left out. The start of a paste passes, its end does not.
    [[nodiscard]] std::optional<wchar_t> pass(wchar_t character) noexcept;

    [[nodiscard]] bool is_pasting() const noexcept { return is_pasting_; }

    /// No end of a paste will come any more.
    void end() noexcept { *this = {}; }

private:
    bool is_pasting_ = false;
    std::size_t matched_ = 0;  // of the mark that comes next
};

}  // namespace approvekit::tools
