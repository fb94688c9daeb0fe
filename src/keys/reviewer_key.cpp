#include "approvekit/reviewer_key.hpp"

#include "approvekit/digest.hpp"
#include "approvekit/error.hpp"
#include "approvekit/signer.hpp"
#include "keys/cryptography.hpp"
#include "keys/reviewer_name.hpp"
#include "keys/sealed_key.hpp"

#include <sodium.h>

#include <array>
#include <utility>

namespace approvekit {

struct ReviewerKey::State {
    State(std::string reviewer, keys::SecretBytes drawn)
        : name(std::move(reviewer)), seed(std::move(drawn)), secret_key(crypto_sign_SECRETKEYBYTES) {
        std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> bytes{};
        crypto_sign_seed_keypair(bytes.data(), secret_key.data(), seed.data());
        public_key = keys::to_base64(bytes);
    }

    std::string name;
    std::string public_key;
    keys::SecretBytes seed;
    keys::SecretBytes secret_key;
};

ReviewerKey::ReviewerKey(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}
ReviewerKey::ReviewerKey(const ReviewerKey&) noexcept = default;
ReviewerKey& ReviewerKey::operator=(const ReviewerKey&) noexcept = default;
ReviewerKey::~ReviewerKey() = default;

ReviewerKey ReviewerKey::generate(std::string reviewer) {
    keys::check_reviewer_name(reviewer);
    keys::SecretBytes seed(keys::seed_bytes);
    randombytes_buf(seed.data(), seed.size());
    return ReviewerKey(std::make_shared<const State>(std::move(reviewer), std::move(seed)));
}

ReviewerKey ReviewerKey::load(const std::filesystem::path& path, std::string_view passphrase) {
    const keys::SealedKey sealed = keys::read_key_file(path);
    keys::check_reviewer_name(sealed.reviewer());
    auto state = std::make_shared<const State>(sealed.reviewer(), sealed.open(passphrase, path.string()));
    if (state->public_key != sealed.public_key()) {
        throw Error(ErrorCode::invalid_key, path.string() + ": the public key in it is that of another key");
    }
    return ReviewerKey(std::move(state));
}

void ReviewerKey::save(const std::filesystem::path& path, std::string_view passphrase, const SealCost& cost) const {
    if (passphrase.size() < minimum_passphrase_bytes) {
        throw Error(ErrorCode::invalid_key, "a passphrase takes at least " + std::to_string(minimum_passphrase_bytes) +
                                                " bytes; several words that only you would put together are good");
    }
    keys::write_key_file(path, keys::SealedKey::seal(state_->seed, state_->name, state_->public_key, passphrase, cost));
}

const std::string& ReviewerKey::name() const noexcept {
    return state_->name;
}

const std::string& ReviewerKey::public_key() const noexcept {
    return state_->public_key;
}

std::string ReviewerKey::sign(std::string_view statement) const {
    std::array<unsigned char, crypto_sign_BYTES> signature{};
    crypto_sign_detached(signature.data(), nullptr, keys::bytes_of(statement), statement.size(),
                         state_->secret_key.data());
    return keys::to_base64(signature);
}

bool is_public_key(std::string_view public_key) {
    keys::prepare_cryptography();
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> key{};
    return keys::from_base64(public_key, key) && crypto_core_ed25519_is_valid_point(key.data()) == 1;
}

std::string key_id(std::string_view public_key) {
    constexpr std::size_t digits = 16;
    return to_hex(digest_of(public_key)).substr(0, digits);
}

bool is_signed_by(std::string_view public_key, std::string_view statement, std::string_view signature) {
    keys::prepare_cryptography();
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> key{};
    std::array<unsigned char, crypto_sign_BYTES> bytes{};
    return keys::from_base64(public_key, key) && keys::from_base64(signature, bytes) &&
           crypto_sign_verify_detached(bytes.data(), keys::bytes_of(statement), statement.size(), key.data()) == 0;
}

}  // namespace approvekit
