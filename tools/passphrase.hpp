#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace approvekit::tools {

/// A typed passphrase, in memory that is never swapped and is wiped when it is freed. Not thread-safe; movable.
class Passphrase {
public:
    /// Empty. Throws Error (cryptography) when the system has no such memory left.
    Passphrase();
    ~Passphrase();
    Passphrase(Passphrase&& other) noexcept;
    Passphrase(const Passphrase&) = delete;
    Passphrase& operator=(const Passphrase&) = delete;
    Passphrase& operator=(Passphrase&&) = delete;

    /// Throws Error (invalid_key) beyond 1024 bytes, and is then unchanged.
    void add(unsigned char byte);

    /// Removes the last character; does nothing when empty.
    void take_back() noexcept;
    void clear() noexcept { size_ = 0; }

    [[nodiscard]] std::string_view text() const noexcept { return {reinterpret_cast<const char*>(bytes_), size_}; }

private:
    unsigned char* bytes_;
    std::size_t size_ = 0;
};

/// Whether the passphrase is a new one; then a typing error cannot be detected by checking it.
enum class Ask { once, twice };

/// Returns the passphrase: the first line of `file` (a path such as /dev/fd/3 works); if none is named, the variable
/// APPROVEKIT_PASSPHRASE; otherwise it is read from the terminal without echo. The variable is wiped.
///
/// Throws Error: invalid_option when there is nobody to ask, invalid_key when `file` cannot be read, cancelled on
/// Ctrl+C.
[[nodiscard]] Passphrase obtain_passphrase(const std::string& file, const std::string& prompt, Ask ask);

}  // namespace approvekit::tools
