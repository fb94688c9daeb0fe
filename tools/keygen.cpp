#include "keygen.hpp"

#include "approvekit/error.hpp"
#include "approvekit/json.hpp"
#include "approvekit/policy.hpp"
#include "approvekit/terminal_text.hpp"
#include "passphrase.hpp"

#include <iostream>

namespace approvekit::tools {
namespace {

/// A policy accepts fewer names than a decision; a key that no policy can list would be useless.
void require_listable(const ReviewerKey& key) {
    try {
        Policy().set_reviewers({{key.name(), key.public_key()}});
    } catch (const PolicyError& error) {
        throw Error(ErrorCode::invalid_option,
                    "no policy could list a reviewer of this name: " + error.problems().front().message);
    }
}

/// YAML reads the escapes of terminal_text in double quotes.
std::string in_double_quotes(const std::string& name) {
    std::string quoted = "\"";
    for (const char character : terminal_text(name)) {
        if (character == '"') quoted += '\\';
        quoted += character;
    }
    return quoted + '"';
}

void print(const ReviewerKey& key, const std::string& file) {
    std::cout << "Wrote " << terminal_name(file) << ", sealed by its passphrase. In the policy of the agent:\n\n"
              << "reviewers:\n  - name: " << in_double_quotes(key.name()) << "\n    key: " << public_key_prefix
              << key.public_key() << "\n";
}

void print_for_machines(const ReviewerKey& key, const std::string& file) {
    const Json document = {{"file", file},
                           {"reviewer", key.name()},
                           {"key", std::string(public_key_prefix) + key.public_key()},
                           {"key_id", key_id(key.public_key())}};
    std::cout << terminal_json(document) << '\n';
}

}  // namespace

void Keygen::add_to(CLI::App& keygen) {
    keygen.add_option("--out", out, "The new file; nothing is ever replaced")->type_name("FILE")->required();
    keygen.add_option("--memory", memory_mib, "How many MiB each guess at the passphrase takes")
        ->type_name("MIB")
        ->check(CLI::Range(8, 1024))
        ->capture_default_str();
}

void Keygen::run(const KeyOptions& options, bool json) const {
    const ReviewerKey key = ReviewerKey::generate(options.reviewer ? *options.reviewer : login_name());
    require_listable(key);
    const Passphrase passphrase = obtain_passphrase(
        options.passphrase_file, "New passphrase for the key of " + terminal_text(key.name()), Ask::twice);
    key.save(out, passphrase.text(), {.passes = SealCost().passes, .memory_bytes = memory_mib << 20});
    (json ? print_for_machines : print)(key, out);
}

}  // namespace approvekit::tools
