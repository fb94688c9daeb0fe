#include "key_options.hpp"

#include "approvekit/error.hpp"
#include "approvekit/terminal_text.hpp"
#include "passphrase.hpp"

#include <utility>

namespace approvekit::tools {
namespace {

/// Null when no key is named.
std::shared_ptr<const ReviewerKey> load_key(const KeyOptions& options) {
    if (options.key.empty()) return nullptr;
    const Passphrase passphrase =
        obtain_passphrase(options.passphrase_file, "Passphrase of " + terminal_text(options.key), Ask::once);
    return std::make_shared<const ReviewerKey>(ReviewerKey::load(options.key, passphrase.text()));
}

}  // namespace

void KeyOptions::add_to(CLI::App& app) {
    app.add_option("--reviewer", reviewer, "Who decides; the key's owner or your login name otherwise")
        ->type_name("NAME");
    app.add_option("--key", key, "Sign each decision with this key, which keygen makes")->type_name("FILE");
    app.add_option("--passphrase-file", passphrase_file,
                   "File with the key's passphrase; otherwise APPROVEKIT_PASSPHRASE has it, or you are asked")
        ->type_name("FILE");
}

Decider KeyOptions::decider() const {
    auto signer = load_key(*this);
    std::string name = reviewer ? *reviewer : signer ? signer->name() : login_name();
    // A reviewer without a record decides nothing, but checks the name like any other.
    static_cast<void>(Reviewer(nullptr, name, {}));
    if (signer && name != signer->name()) {
        throw Error(ErrorCode::invalid_option, "the key belongs to '" + signer->name() + "', not to the reviewer '" +
                                                   name + "'; leave --reviewer out");
    }
    return {std::move(name), std::move(signer)};
}

Reviewer Decider::on(std::shared_ptr<Storage> storage, const std::string& way) const {
    Reviewer made(std::move(storage), name, way);
    if (key) made.sign_with(key);
    return made;
}

}  // namespace approvekit::tools
