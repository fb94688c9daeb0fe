#include "key_options.hpp"

#include "passphrase.hpp"
#include "terminal/escape.hpp"

#include <utility>

namespace approvekit::tools {

void KeyOptions::add_to(CLI::App& app) {
    app.add_option("--reviewer", reviewer, "Who decides; the key's owner or your login name otherwise")
        ->type_name("NAME");
    app.add_option("--key", key, "Sign each decision with this key, which keygen makes")->type_name("FILE");
    app.add_option("--passphrase-file", passphrase_file,
                   "Where the key's passphrase stands; otherwise APPROVEKIT_PASSPHRASE has it, or you are asked")
        ->type_name("FILE");
}

std::shared_ptr<const ReviewerKey> KeyOptions::load() const {
    if (key.empty()) return nullptr;
    const SecretBytes passphrase =
        obtain_passphrase(passphrase_file, "Passphrase of " + terminal::escape(key), Ask::once);
    return std::make_shared<const ReviewerKey>(ReviewerKey::load(key, passphrase.text()));
}

Reviewer KeyOptions::reviewer_on(std::shared_ptr<Storage> storage, const std::string& way) const {
    auto signer = load();
    Reviewer made(std::move(storage), reviewer ? *reviewer : signer ? signer->name() : login_name(), way);
    if (signer) made.sign_with(std::move(signer));
    return made;
}

}  // namespace approvekit::tools
