#include "approvekit/open_storage.hpp"

#include "approvekit/error.hpp"
#include "text/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <mutex>
#include <string_view>
#include <system_error>
#include <utility>

namespace approvekit {

namespace {

/// Holds the opener that the program has set. Thread-safe.
class KnownOpener {
public:
    void set(ServerOpener opener) {
        const std::lock_guard lock(mutex_);
        opener_ = std::move(opener);
    }
    [[nodiscard]] ServerOpener get() {
        const std::lock_guard lock(mutex_);
        return opener_;
    }

    static KnownOpener& of_process() {
        static KnownOpener known;
        return known;
    }

private:
    std::mutex mutex_;
    ServerOpener opener_;
};

/// Whether `part` starts with a user name and a password ("user:password@").
bool has_password_before_host(std::string_view part) {
    const std::size_t user_ends = part.rfind('@');
    return user_ends != std::string_view::npos && part.substr(0, user_ends).find(':') != std::string_view::npos;
}

/// Decodes the parameters of an address as libpq does: a percent-encoded character means the same as a plain one.
std::string percent_decoded(std::string_view text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned value = 0;
        const std::string_view digits = text[at] == '%' ? text.substr(at + 1, 2) : std::string_view();
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        const bool is_encoded = digits.size() == 2 && error == std::errc() && end == digits.data() + 2;
        decoded += is_encoded ? static_cast<char>(value) : text[at];
        if (is_encoded) at += 2;
    }
    return decoded;
}

/// Whether `text` sets a parameter whose name ends with "password".
bool sets_password(std::string_view text) {
    constexpr std::string_view name = "password";
    const std::string lower = text::lower_case(text);
    for (std::size_t at = lower.find(name); at != std::string::npos; at = lower.find(name, at + 1)) {
        if (text::trimmed(std::string_view(lower).substr(at + name.size())).starts_with('=')) return true;
    }
    return false;
}

/// Whether `place` is a connection string of keywords, such as "host=db.lan dbname=approvals", and not a path. True in
/// cases of doubt too: a file of that name would be created, and its path would appear in errors.
bool is_connection_string(std::string_view place) {
    constexpr std::array<std::string_view, 19> beginnings{
        "host",     "port",     "dbname",  "user",      "pass",        "service", "ssl",
        "gss",      "krb",      "keepal",  "connect_",  "client_e",    "options", "application_n",
        "fallback", "target_s", "require", "channel_b", "load_balance"};
    const std::string_view word = text::trimmed(place.substr(0, place.find('=')));
    const bool is_word =
        word.size() < place.size() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == word.npos;
    const bool is_known = std::any_of(beginnings.begin(), beginnings.end(),
                                      [&](std::string_view beginning) { return word.starts_with(beginning); });
    const std::string lower = text::lower_case(place);
    const bool is_misspelt = lower.starts_with("postgres") && lower.find("://") != std::string::npos;
    return (is_word && is_known) || is_misspelt || sets_password(place);
}

void refuse_connection_string(const std::string& place) {
    if (!is_connection_string(place)) return;
    throw Error(
        ErrorCode::invalid_option,
        "this is a connection string of PostgreSQL and not a file; write postgresql://USER@HOST/DATABASE, with "
        "the password in a password file (~/.pgpass), a service file or PGPASSWORD. A file of such a name needs "
        "a folder before it, as in ./NAME");
}

/// Whether the address contains a password, before the host or among the parameters.
bool shows_password(std::string_view address) {
    const std::string_view rest = address.substr(address.find("://") + 3);
    // libpq accepts ? and # inside a password. It does not accept a /, but then quotes parts of the password in its
    // errors.
    return has_password_before_host(rest.substr(0, rest.find('/'))) ||
           has_password_before_host(rest.substr(0, rest.find('?'))) || sets_password(percent_decoded(address));
}

OpenedStorage open_server(const std::string& place, const OpenOptions& options) {
    check_server_address(place);
    if (options.sharing) {
        throw Error(ErrorCode::invalid_option, place + ": sharing is for files; a server's roles say who may write");
    }
    const ServerOpener opener = KnownOpener::of_process().get();
    if (opener) return {opener(place, options), false};
    throw Error(ErrorCode::invalid_option, place + ": this program was built without PostgreSQL, and only opens files");
}

OpenedStorage open_file(const std::string& path, const OpenOptions& options) {
    refuse_connection_string(path);
    SqliteStorage::Options file;
    file.missing = options.missing;
    file.access = options.access;
    file.sharing = options.sharing;
    if (options.poll_interval) file.poll_interval = *options.poll_interval;
    auto storage = std::make_shared<SqliteStorage>(path, std::move(file));
    const bool created = storage->created();
    return {std::move(storage), created};
}

}  // namespace

bool is_server(const std::string& place) noexcept {
    return place.starts_with("postgresql://") || place.starts_with("postgres://");
}

void check_server_address(const std::string& place) {
    if (!shows_password(place)) return;
    throw Error(ErrorCode::invalid_option,
                "a password in the address of a database is seen by others; leave it out, and put it into a password "
                "file (~/.pgpass), a service file or PGPASSWORD");
}

OpenedStorage open_storage(const std::string& place, const OpenOptions& options) {
    return is_server(place) ? open_server(place, options) : open_file(place, options);
}

void set_server_opener(ServerOpener opener) {
    KnownOpener::of_process().set(std::move(opener));
}

}  // namespace approvekit
