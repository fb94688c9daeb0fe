#include "check_options.hpp"

#include "approvekit/error.hpp"

#include <cerrno>
#include <system_error>

namespace approvekit::tools {
namespace {

/// The last line of the file that is not empty: it vouches for all that came before it.
std::string last_line(const std::string& path) {
    std::ifstream file = open_to_read(path);
    std::string last;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) last = std::move(line);
    }
    return last;
}

TrustedReviewer owner_of(const std::string& key) {
    const bool has_prefix = key.starts_with(public_key_prefix);
    const std::string base64 = has_prefix ? key.substr(public_key_prefix.size()) : key;
    if (is_public_key(base64)) return {.name = {}, .public_key = base64};
    throw Error(ErrorCode::invalid_option, "'" + key + "' is not a public key; keygen prints it as ed25519:...");
}

}  // namespace

std::ifstream open_to_read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (file) return file;
    throw Error(ErrorCode::invalid_option, path + ": cannot be read (" + std::generic_category().message(errno) + ")");
}

void CheckOptions::add_to(CLI::App& command) {
    command.add_option("--checkpoint", checkpoint, "Also find out whether the record has grown from this checkpoint")
        ->type_name("FILE|LINE");
    command.add_option("--public-key", public_keys, "Who may have signed the checkpoint; may be given several times")
        ->type_name("KEY")
        ->allow_extra_args(false);
    command.add_option("--policy", policy, "Any reviewer of this policy may have signed the checkpoint")
        ->type_name("FILE");
    command.add_flag("--allow-empty", allow_empty, "Take a record without any entry for one that is as it was written");
    command.add_option("--archive", archives, "Also check this file of an archive; each once, in their order")
        ->type_name("FILE")
        ->allow_extra_args(false);
    command
        .add_option("--export", export_file,
                    "Check what 'audit export' wrote in JSON lines, or one archive, without a database")
        ->type_name("FILE");
}

AuditCheck CheckOptions::read() const {
    AuditCheck check;
    check.trusted = trusted();
    check.allow_empty = allow_empty;
    check.archives.assign(archives.begin(), archives.end());
    if (checkpoint.empty()) return check;
    check.checkpoint = Checkpoint::parse(checkpoint.starts_with('{') ? checkpoint : last_line(checkpoint));
    if (check.checkpoint->is_signed() && check.trusted.empty()) {
        throw Error(ErrorCode::invalid_option, "the checkpoint says that " + check.checkpoint->reviewer +
                                                   " signed it; name the key with --public-key, or a policy that lists "
                                                   "it with --policy");
    }
    return check;
}

std::vector<TrustedReviewer> CheckOptions::trusted() const {
    std::vector<TrustedReviewer> trusted;
    if (!policy.empty()) trusted = Policy::from_file(policy).reviewers();
    for (const std::string& key : public_keys)
        trusted.push_back(owner_of(key));
    return trusted;
}

}  // namespace approvekit::tools
