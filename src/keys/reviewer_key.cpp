#include "approvekit/reviewer_key.hpp"

#include "approvekit/error.hpp"
#include "keys/cryptography.hpp"
#include "keys/reviewer_name.hpp"
#include "keys/sealed_key.hpp"
#include "text/base64.hpp"

#include <sodium.h>

#include <array>
#include <utility>

namespace approvekit {

struct ReviewerKey::State {
    State(std::string reviewer, keys::SecretBytes drawn)
        : name(std::move(reviewer)), seed(std::move(drawn)), secret_key(crypto_sign_SECRETKEYBYTES) {
        std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> bytes{};
        crypto_sign_seed_keypair(bytes.data(), secret_key.data(), seed.data());
        public_key = text::to_base64(bytes);
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
    return text::to_base64(signature);
}

}  // namespace approvekit
