#include "passphrase.hpp"

#include "approvekit/error.hpp"
#include "open_file.hpp"

#include <sodium.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

namespace approvekit::tools {
namespace {

constexpr std::size_t most_bytes = 1024;
constexpr const char* passphrase_variable = "APPROVEKIT_PASSPHRASE";

/// False at the end of input.
bool read_byte(int file, unsigned char& byte) {
    ssize_t count = 0;
    do {
        count = ::read(file, &byte, 1);
    } while (count < 0 && errno == EINTR);
    return count == 1;
}

Passphrase read_from_file(const std::string& path) {
    const OpenFile file(path.c_str(), O_RDONLY);
    if (!file) {
        throw Error(ErrorCode::invalid_key,
                    path + ": the passphrase cannot be read (" + std::generic_category().message(errno) + ")");
    }
    Passphrase passphrase;
    for (unsigned char byte = 0; read_byte(file.get(), byte) && byte != '\n';)
        passphrase.add(byte);
    return passphrase;
}

Passphrase take_from_environment(char* value) {
    // Anyone who may inspect this process could read it in its environment.
    struct Wiped {
        char* value;
        ~Wiped() {
            sodium_memzero(value, std::strlen(value));
            ::unsetenv(passphrase_variable);  // NOLINT(concurrency-mt-unsafe): before any thread starts
        }
    } const wiped{value};
    Passphrase passphrase;
    for (const char* byte = value; *byte != '\0'; ++byte)
        passphrase.add(static_cast<unsigned char>(*byte));
    return passphrase;
}

/// The terminal, without echo as long as this object lives.
class SilentTerminal {
public:
    SilentTerminal() : file_("/dev/tty", O_RDWR) {
        if (!file_ || ::tcgetattr(file_.get(), &before_) != 0) {
            throw Error(ErrorCode::invalid_option,
                        "there is no terminal to ask for the passphrase on; name a file with --passphrase-file, or set "
                        "APPROVEKIT_PASSPHRASE");
        }
        termios silent = before_;
        // Byte by byte and without signals, so that Ctrl+C cannot leave the terminal without echo.
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG);
        silent.c_cc[VMIN] = 1;
        silent.c_cc[VTIME] = 0;
        ::tcsetattr(file_.get(), TCSAFLUSH, &silent);
    }
    ~SilentTerminal() { ::tcsetattr(file_.get(), TCSAFLUSH, &before_); }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

    Passphrase ask(const std::string& prompt) {
        say(prompt);
        Passphrase passphrase;
        for (unsigned char byte = 0; read_byte(file_.get(), byte) && obey(byte, passphrase);) {
        }
        say("\n");
        return passphrase;
    }

private:
    void say(std::string_view text) const { static_cast<void>(!::write(file_.get(), text.data(), text.size())); }

    /// False when the line has ended.
    bool obey(unsigned char byte, Passphrase& passphrase) const {
        constexpr unsigned char end_of_input = 4;
        if (byte == '\n' || byte == '\r' || byte == end_of_input) return false;
        if (byte == before_.c_cc[VINTR]) {
            say("\n");
            throw Error(ErrorCode::cancelled, "no passphrase was given");
        }
        if (byte == before_.c_cc[VERASE] || byte == '\b') {
            passphrase.take_back();
        } else if (byte == before_.c_cc[VKILL]) {
            passphrase.clear();
        } else {
            passphrase.add(byte);
        }
        return true;
    }

    OpenFile file_;
    termios before_{};
};

Passphrase ask_at_terminal(const std::string& prompt, Ask ask) {
    SilentTerminal terminal;
    Passphrase passphrase = terminal.ask(prompt + ": ");
    if (ask == Ask::twice && terminal.ask("The same again: ").text() != passphrase.text()) {
        throw Error(ErrorCode::invalid_key, "these were two different passphrases; nothing was written");
    }
    return passphrase;
}

}  // namespace

Passphrase::Passphrase() : bytes_(nullptr) {
    if (::sodium_init() >= 0) bytes_ = static_cast<unsigned char*>(sodium_malloc(most_bytes));
    if (bytes_ == nullptr) throw Error(ErrorCode::cryptography, "the system has no memory left that keeps secrets");
}

Passphrase::~Passphrase() {
    sodium_free(bytes_);
}

Passphrase::Passphrase(Passphrase&& other) noexcept
    : bytes_(std::exchange(other.bytes_, nullptr)), size_(std::exchange(other.size_, 0)) {}

void Passphrase::add(unsigned char byte) {
    if (size_ == most_bytes) throw Error(ErrorCode::invalid_key, "a passphrase takes 1024 bytes at most");
    bytes_[size_++] = byte;
}

void Passphrase::take_back() noexcept {
    // A UTF-8 character is removed as a whole.
    while (size_ > 0 && (bytes_[--size_] & 0xC0) == 0x80) {
    }
}

Passphrase obtain_passphrase(const std::string& file, const std::string& prompt, Ask ask) {
    if (!file.empty()) return read_from_file(file);
    char* const value = std::getenv(passphrase_variable);  // NOLINT(concurrency-mt-unsafe): before any thread starts
    return value != nullptr ? take_from_environment(value) : ask_at_terminal(prompt, ask);
}

}  // namespace approvekit::tools
