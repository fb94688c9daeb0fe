#pragma once

#include <histedit.h>
#include <locale.h>
#include <signal.h>
#include <termios.h>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

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

/// The calling thread reads and writes characters as the environment says, for as long as this lives; as UTF-8 where it
/// names a UTF-8 locale that is not installed.
class TypingLocale {
public:
    TypingLocale();
    ~TypingLocale();

    TypingLocale(const TypingLocale&) = delete;
    TypingLocale& operator=(const TypingLocale&) = delete;

private:
    locale_t locale_;
    locale_t before_;
};

/// Lets a changed window, Ctrl+Z and the return from the background end a poll(), for as long as this lives. One at a
/// time in a process.
class WakingSignals {
public:
    WakingSignals() noexcept;
    ~WakingSignals();

    /// Whether the process was asked to stop since the last time, which it did not; whether it went on after a stop.
    [[nodiscard]] static bool was_to_stop() noexcept;
    [[nodiscard]] static bool has_continued() noexcept;

    /// Stops the process as Ctrl+Z does without this. Returns when it goes on.
    void stop() const noexcept;

    WakingSignals(const WakingSignals&) = delete;
    WakingSignals& operator=(const WakingSignals&) = delete;

private:
    struct sigaction window_before_ {};
    struct sigaction continued_before_ {};
    struct sigaction stop_before_ {};
};

/// The terminal that libedit draws a line on, and what a line there needs beside libedit. Not thread-safe.
class TypingTerminal {
public:
    /// `input` and `output` are the same terminal. Throws std::system_error.
    TypingTerminal(int input, int output);
    /// The terminal is as it was before.
    ~TypingTerminal();

    TypingTerminal(const TypingTerminal&) = delete;
    TypingTerminal& operator=(const TypingTerminal&) = delete;

    [[nodiscard]] EditLine* editor() const noexcept { return editor_.get(); }
    [[nodiscard]] int input() const noexcept { return ::fileno(input_.get()); }

    /// Stops the process where that was asked for. False when it goes on in the background: the terminal is the shell's then.
    [[nodiscard]] bool keep(const std::string& prompt);

    /// Stops the process as the system does with one that uses its terminal in the background. Returns when it goes on.
    static void stop_in_background() noexcept;

    /// From now on nothing of the terminal is changed, nor written there.
    void leave_to_shell();

    /// Sets the terminal up again after a stop and where somebody else changed it, and draws the line for the window as
    /// it is now.
    void adapt(const std::string& prompt);

    /// Takes the line that is being typed off the screen; the cursor is where it began.
    void clear_line(const std::string& prompt);
    void draw_line();

    /// `text` ends with its line.
    void write(const std::string& text);

    /// The cursor goes to a line of its own.
    void end_line();

private:
    struct CloseFile {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    struct EndEditor {
        void operator()(EditLine* editor) const noexcept { el_end(editor); }
    };
    using File = std::unique_ptr<std::FILE, CloseFile>;

    /// A file of our own over that of the caller.
    static File open(int file, const char* mode);

    void bind_keys();
    void suspend(const std::string& prompt);
    void give_back();
    void print(const std::string& text);
    [[nodiscard]] bool is_in_foreground() const noexcept;
    [[nodiscard]] std::size_t window_width() const;

    File input_;
    File output_;
    termios original_{};
    File complaints_;  // nowhere: libedit's own words are not for the screen
    TypingLocale locale_;
    WakingSignals signals_;
    std::unique_ptr<EditLine, EndEditor> editor_;
    std::size_t width_ = 0;
    bool is_left_ = false;  // to the shell
};

}  // namespace approvekit::tools
