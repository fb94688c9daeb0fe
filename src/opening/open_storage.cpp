#include "approvekit/open_storage.hpp"

#include "approvekit/error.hpp"

#include <mutex>
#include <string_view>
#include <utility>

namespace approvekit {

namespace {

/// What the program has set. Guards itself.
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

/// Whether a user with a password stands at its beginning.
bool has_password_before_host(std::string_view part) {
    const std::size_t user_ends = part.rfind('@');
    return user_ends != std::string_view::npos && part.substr(0, user_ends).find(':') != std::string_view::npos;
}

/// Whether a password stands in the address, before the host or among the parameters.
bool shows_password(std::string_view address) {
    const std::string_view rest = address.substr(address.find("://") + 3);
    // libpq lets a password go on over ? and #. One with a / is none for it, which then names parts of it in its errors.
    return has_password_before_host(rest.substr(0, rest.find('/'))) ||
           has_password_before_host(rest.substr(0, rest.find('?'))) ||
           address.find("password=") != std::string_view::npos;
}

OpenedStorage open_server(const std::string& place, const OpenOptions& options) {
    check_server_address(place);
    if (options.sharing) {
        throw Error(ErrorCode::invalid_option, place + ": sharing is for files; a server's roles say who may write");
    }
    const ServerOpener opener = KnownOpener::of_process().get();
    if (opener) return {opener(place, options), false};
    throw Error(ErrorCode::invalid_option,
                place + ": this program was built without PostgreSQL, and takes files alone");
}

OpenedStorage open_file(const std::string& path, const OpenOptions& options) {
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
