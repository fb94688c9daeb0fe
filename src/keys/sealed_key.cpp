#include "keys/sealed_key.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "base/file_descriptor.hpp"
#include "keys/cryptography.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <system_error>

namespace approvekit::keys {
namespace {

static_assert(seed_bytes == crypto_sign_SEEDBYTES);

constexpr int file_version = 1;
// Limits what a hostile file can make the reader spend. libsodium's "sensitive" setting is within the limits.
constexpr std::uint64_t most_passes = 16;
constexpr std::uint64_t most_memory_bytes = std::uint64_t{1} << 30;

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
    throw Error(ErrorCode::invalid_key, file + ": " + why);
}

bool is_acceptable(const SealCost& cost) {
    return cost.passes >= crypto_pwhash_OPSLIMIT_MIN && cost.passes <= most_passes &&
           cost.memory_bytes >= crypto_pwhash_MEMLIMIT_MIN && cost.memory_bytes <= most_memory_bytes;
}

/// Reads the parts of a key file's JSON, and names members that do not belong there.
class KeyDocument {
public:
    KeyDocument(std::string_view text, const std::string& file) : file_(file) {
        try {
            json_ = parse_json(text, {.bytes = 4096, .depth = 2});
        } catch (const ArgumentsRefusedError& error) {
            refuse(file_, std::string("is not a key file: ") + error.what());
        }
        if (!json_.is_object() || !json_.contains("approvekit_key")) refuse(file_, "is not a key file");
        if (json_["approvekit_key"] != file_version)
            refuse(file_, "was made by a newer ApproveKit; upgrade this program");
        constexpr std::size_t members = 8;
        if (json_.size() != members) refuse(file_, "is not a key file: it has other members than a key file has");
    }

    [[nodiscard]] std::string text(const char* name) const {
        const auto found = json_.find(name);
        if (found == json_.end() || !found->is_string()) refuse_member(name, "a text");
        return found->get<std::string>();
    }

    [[nodiscard]] std::uint64_t number(const char* name) const {
        const auto found = json_.find(name);
        if (found == json_.end() || !found->is_number_unsigned()) refuse_member(name, "a whole number");
        return found->get<std::uint64_t>();
    }

    void bytes(const char* name, std::span<unsigned char> into) const {
        if (!from_base64(text(name), into)) refuse_member(name, std::to_string(into.size()) + " bytes in base64");
    }

    [[noreturn]] void refuse_member(const char* name, const std::string& expected) const {
        refuse(file_, std::string("is not a key file: ") + name + " is not " + expected);
    }

private:
    const std::string& file_;
    Json json_;
};

}  // namespace

SealedKey SealedKey::seal(const SecretBytes& seed, std::string reviewer, std::string public_key,
                          std::string_view passphrase, const SealCost& cost) {
    if (!is_acceptable(cost)) {
        throw Error(ErrorCode::invalid_option, "a key is sealed with 1 to 16 passes over 8 KiB to 1 GiB");
    }
    SealedKey key;
    key.reviewer_ = std::move(reviewer);
    key.public_key_ = std::move(public_key);
    key.cost_ = cost;
    randombytes_buf(key.salt_.data(), key.salt_.size());
    randombytes_buf(key.nonce_.data(), key.nonce_.size());
    const SecretBytes content = key.content(seed);
    const SecretBytes wrapping = key.derive(passphrase);
    crypto_secretbox_easy(key.box_.data(), content.data(), content.size(), key.nonce_.data(), wrapping.data());
    return key;
}

SealedKey SealedKey::parse(std::string_view text, const std::string& file) {
    const KeyDocument document(text, file);
    SealedKey key;
    key.reviewer_ = document.text("reviewer");
    key.public_key_ = document.text("public_key");
    if (!key.public_key_.starts_with(public_key_prefix)) document.refuse_member("public_key", "a public key");
    key.public_key_.erase(0, public_key_prefix.size());
    if (!is_public_key(key.public_key_)) document.refuse_member("public_key", "a public key");
    key.cost_ = {.passes = document.number("passes"), .memory_bytes = document.number("memory_bytes")};
    if (!is_acceptable(key.cost_)) refuse(file, "asks for more work or memory than opening a key may take");
    document.bytes("salt", key.salt_);
    document.bytes("nonce", key.nonce_);
    document.bytes("box", key.box_);
    return key;
}

std::string SealedKey::text() const {
    const Json json = {{"approvekit_key", file_version},
                       {"reviewer", reviewer_},
                       {"public_key", std::string(public_key_prefix) + public_key_},
                       {"passes", cost_.passes},
                       {"memory_bytes", cost_.memory_bytes},
                       {"salt", to_base64(salt_)},
                       {"nonce", to_base64(nonce_)},
                       {"box", to_base64(box_)}};
    constexpr int indent = 2;
    return json.dump(indent) + "\n";
}

SecretBytes SealedKey::open(std::string_view passphrase, const std::string& file) const {
    const SecretBytes wrapping = derive(passphrase);
    SecretBytes opened(box_.size() - crypto_secretbox_MACBYTES);
    if (crypto_secretbox_open_easy(opened.data(), box_.data(), box_.size(), nonce_.data(), wrapping.data()) != 0) {
        refuse(file, "that is not the passphrase, or the file was damaged");
    }
    SecretBytes seed(seed_bytes);
    std::copy_n(opened.data(), seed.size(), seed.data());
    const SecretBytes expected = content(seed);
    if (sodium_memcmp(opened.data(), expected.data(), expected.size()) != 0) {
        refuse(file, "the reviewer or the public key in it was changed since it was sealed");
    }
    return seed;
}

/// Returns what the box holds: the seed, and a digest that ties it to the unencrypted members of the file.
SecretBytes SealedKey::content(const SecretBytes& seed) const {
    const Digest visible = digest_of_fields(
        {"approvekit key 1", reviewer_, public_key_, std::to_string(cost_.passes), std::to_string(cost_.memory_bytes)});
    SecretBytes content(seed.size() + visible.size());
    std::copy_n(seed.data(), seed.size(), content.data());
    std::copy_n(visible.data(), visible.size(), content.data() + seed.size());
    return content;
}

SecretBytes SealedKey::derive(std::string_view passphrase) const {
    SecretBytes key(crypto_secretbox_KEYBYTES);
    if (crypto_pwhash(key.data(), key.size(), passphrase.data(), passphrase.size(), salt_.data(), cost_.passes,
                      static_cast<std::size_t>(cost_.memory_bytes), crypto_pwhash_ALG_ARGON2ID13) != 0) {
        throw Error(ErrorCode::cryptography, "a passphrase takes " + std::to_string(cost_.memory_bytes >> 20) +
                                                 " MiB of memory to check, which the system does not have");
    }
    return key;
}

namespace {

constexpr std::size_t most_file_bytes = 4096;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
    throw Error(ErrorCode::invalid_key, path.string() + ": " + why);
}

[[noreturn]] void refuse_for_errno(const std::filesystem::path& path, const std::string& what) {
    refuse(path, what + " (" + std::generic_category().message(errno) + ")");
}

void check_kind(const std::filesystem::path& path, int file) {
    struct stat status {};
    if (::fstat(file, &status) != 0) refuse_for_errno(path, "the key cannot be read");
    if (!S_ISREG(status.st_mode)) refuse(path, "this is not a regular file");
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        refuse(path,
               "others than its owner can reach this key; chmod 600 it, and consider whether somebody has read it");
    }
}

/// Returns the whole file, or, of a larger one, one byte more than a key file may have.
std::string read_all(const std::filesystem::path& path, int file) {
    std::string text(most_file_bytes + 1, '\0');
    const auto size = base::read_up_to(file, std::as_writable_bytes(std::span(text)));
    if (!size) refuse_for_errno(path, "the key cannot be read");
    text.resize(*size);
    return text;
}

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(file, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::fsync(file) == 0;
}

}  // namespace

SealedKey read_key_file(const std::filesystem::path& path) {
    // Without O_NONBLOCK, opening a named pipe would block until a writer opens it.
    const base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) refuse_for_errno(path, "the key cannot be read");
    check_kind(path, file.get());
    const std::string text = read_all(path, file.get());
    if (text.size() > most_file_bytes) refuse(path, "is not a key file: it is larger than one");
    return SealedKey::parse(text, path.string());
}

void write_key_file(const std::filesystem::path& path, const SealedKey& key) {
    const base::FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file && errno == EEXIST) refuse(path, "a file is already there; a key never replaces one");
    if (!file) refuse_for_errno(path, "the key cannot be written");
    if (write_all(file.get(), key.text())) return;
    const int error = errno;
    ::unlink(path.c_str());
    errno = error;
    refuse_for_errno(path, "the key cannot be written");
}

}  // namespace approvekit::keys
