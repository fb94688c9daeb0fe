#include "approvekit/agent_secret.hpp"

#include "approvekit/detail/secret_key.hpp"
#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "base/file_descriptor.hpp"
#include "keys/cryptography.hpp"

#include <sodium.h>

#include <cerrno>
#include <cstdlib>
#include <span>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace approvekit::detail {

SecretKey::SecretKey() {
    keys::prepare_cryptography();
    randombytes_buf(bytes_.data(), bytes_.size());
}

SecretKey::SecretKey(std::string_view material) {
    keys::prepare_cryptography();
    bytes_ = keys::hash_of_fields({}, {"approvekit secret 1", material});
}

SecretKey::~SecretKey() {
    sodium_memzero(bytes_.data(), bytes_.size());
}

std::array<std::uint8_t, 32> SecretKey::authenticate(std::initializer_list<std::string_view> fields) const {
    return keys::hash_of_fields(bytes_, fields);
}

}  // namespace approvekit::detail

namespace approvekit {
namespace {

constexpr std::size_t most_secret_bytes = std::size_t{64} * 1024;
constexpr std::size_t id_digits = 16;

Error not_a_secret(const std::string& source, const std::string& why) {
    return Error(ErrorCode::invalid_key, source + ": " + why);
}

void check_secret_file(const std::filesystem::path& path, int file) {
    struct stat status {};
    if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        throw not_a_secret(path.string(), "this is not a regular file");
    }
    if (status.st_uid != ::geteuid() && status.st_uid != 0) {
        throw not_a_secret(path.string(), "the secret belongs to another user, who can change it");
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        throw not_a_secret(path.string(), "others than its owner can reach the secret; chmod 600 it");
    }
}

keys::SecretBytes read_secret(const std::filesystem::path& path, int file) {
    keys::SecretBytes bytes(most_secret_bytes + 1);
    const auto size = base::read_up_to(file, std::as_writable_bytes(bytes.span()));
    if (!size) throw not_a_secret(path.string(), "the secret cannot be read");
    if (*size > most_secret_bytes) throw not_a_secret(path.string(), "a secret has at most 64 KiB");
    bytes.shorten(*size);
    return bytes;
}

std::shared_ptr<const detail::SecretKey> key_from(const std::string& source, std::string_view text) {
    if (text.size() >= AgentSecret::least_bytes) return std::make_shared<const detail::SecretKey>(text);
    throw not_a_secret(source, "a secret has at least 32 bytes; make one with: openssl rand -hex 32");
}

}  // namespace

AgentSecret::AgentSecret(std::shared_ptr<const detail::SecretKey> key)
    : key_(std::move(key)), id_(to_hex(key_->authenticate({"approvekit secret id"})).substr(0, id_digits)) {}

AgentSecret AgentSecret::from_file(const std::filesystem::path& path) {
    // Without O_NONBLOCK, opening a named pipe would block until a writer opens it.
    const base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) {
        throw not_a_secret(path.string(), "the secret cannot be read (" + std::generic_category().message(errno) + ")");
    }
    check_secret_file(path, file.get());
    return AgentSecret(key_from(path.string(), read_secret(path, file.get()).text()));
}

AgentSecret AgentSecret::from_environment(const std::string& name) {
    const char* const text = std::getenv(name.c_str());
    if (text == nullptr) throw not_a_secret(name, "there is no such environment variable");
    return AgentSecret(key_from("environment variable " + name, text));
}

AgentSecret AgentSecret::from_text(std::string_view text) {
    return AgentSecret(key_from("the secret", text));
}

AgentSecret AgentSecret::random() {
    return AgentSecret(std::make_shared<const detail::SecretKey>());
}

}  // namespace approvekit
