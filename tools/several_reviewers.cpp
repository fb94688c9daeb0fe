#include "several_reviewers.hpp"

#include "approvekit/error.hpp"
#include "key_options.hpp"
#include "open_file.hpp"

#include <sodium.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace approvekit::tools {
namespace {

constexpr const char* secret_variable = "APPROVEKIT_PROXY_SECRET";
constexpr std::size_t most_secret_bytes = 1024;

[[noreturn]] void refuse_secret(const std::string& path, const std::string& why) {
    throw Error(ErrorCode::invalid_key, path + ": " + why);
}

/// The first line; a path such as /dev/fd/3 works.
std::string secret_in(const std::string& path) {
    const OpenFile file(path.c_str(), O_RDONLY);
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0) {
        refuse_secret(path, "the secret of the proxy cannot be read (" + std::generic_category().message(errno) + ")");
    }
    if (S_ISREG(status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        refuse_secret(path, "others than its owner can reach the secret of the proxy; chmod 600 it");
    }
    std::string text;
    std::array<char, most_secret_bytes> bytes{};
    for (;;) {
        const ssize_t count = ::read(file.get(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0 || text.size() > most_secret_bytes) break;
        text.append(bytes.data(), static_cast<std::size_t>(count));
    }
    sodium_memzero(bytes.data(), bytes.size());
    return text.substr(0, text.find_first_of("\r\n"));
}

/// Anyone who may inspect this process could read it in its environment.
std::string take_secret_from_environment() {
    char* const value = std::getenv(secret_variable);  // NOLINT(concurrency-mt-unsafe): before any thread starts
    if (value == nullptr) return {};
    std::string secret = value;
    sodium_memzero(value, std::strlen(value));
    ::unsetenv(secret_variable);  // NOLINT(concurrency-mt-unsafe): before any thread starts
    return secret;
}

[[noreturn]] void refuse_together(const std::string& what) {
    throw Error(ErrorCode::invalid_option, what);
}

}  // namespace

void SeveralReviewers::add_to(CLI::App& app) {
    app.add_option("--reviewers", file,
                   "Serve several reviewers: the people in this file, which approvekit-review invite writes")
        ->type_name("FILE");
    app.add_option("--proxy-user-header", user_header,
                   "Take the reviewer's name from this header, which a proxy sets that signs people in")
        ->type_name("NAME");
    app.add_option("--proxy-secret-file", secret_file,
                   "File with the secret that the proxy sends along; otherwise APPROVEKIT_PROXY_SECRET has it")
        ->type_name("FILE");
}

void SeveralReviewers::apply(WebReviewer::Options& options, const KeyOptions& key) const {
    if (user_header.empty() && !secret_file.empty()) refuse_together("--proxy-secret-file needs --proxy-user-header");
    if (!are_wanted()) return;
    if (!key.key.empty()) {
        refuse_together(
            "--key would sign with one person's key what others decide; with several reviewers, each who signs needs "
            "an approvekit-web, or approvekit-review, of their own");
    }
    if (key.reviewer)
        refuse_together(
            "--reviewer names one reviewer; with several reviewers, each decides as the person who signed in");
    if (!options.token.empty()) {
        refuse_together("APPROVEKIT_TOKEN is one reviewer's; with several reviewers, there is no token");
    }
    options.reviewers_file = file;
    options.proxy_user_header = user_header;
    if (!user_header.empty()) options.proxy_secret = secret();
    if (!user_header.empty() && options.proxy_secret.empty()) {
        refuse_together(
            "--proxy-user-header needs the secret that the proxy sends along: --proxy-secret-file FILE, or "
            "APPROVEKIT_PROXY_SECRET in the environment");
    }
}

std::string SeveralReviewers::secret() const {
    return secret_file.empty() ? take_secret_from_environment() : secret_in(secret_file);
}

}  // namespace approvekit::tools
