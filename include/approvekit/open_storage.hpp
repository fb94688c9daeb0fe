#pragma once

#include "approvekit/sqlite_storage.hpp"
#include "approvekit/storage.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace approvekit {

/// How open_storage() opens a record. The first three options are for files. A record on a database server is created
/// with a separate command, and the server decides who may write it.
struct OpenOptions {
    Missing missing = Missing::create;
    Access access = Access::write;
    std::optional<Sharing> sharing;
    /// How often to poll for changes that no notification reports. Missing: the engine's default.
    std::optional<std::chrono::milliseconds> poll_interval;
    /// As PostgresStorage::Options::on_notice.
    std::function<void(const std::string&)> on_notice = {};
};

struct OpenedStorage {
    std::shared_ptr<Storage> storage;
    bool created = false;  ///< the record was created by this call
};

/// Whether `place` names a database server rather than a file: it starts with postgresql:// or postgres://.
[[nodiscard]] bool is_server(const std::string& place) noexcept;

/// Throws Error (invalid_option) when the address of a server contains a password, since other users could see it.
void check_server_address(const std::string& place);

/// Opens the record that `place` names: a file or, if the program has called use_postgres(), a PostgreSQL database
/// (postgresql://host/database). Thread-safe.
///
/// Throws Error (invalid_option) for a server when this program was built without support for servers, for an address
/// that contains a password, for a connection string in keywords such as "host=db.lan dbname=approvals", and for
/// OpenOptions::sharing with a server. Also throws what the storage's constructor throws.
[[nodiscard]] OpenedStorage open_storage(const std::string& place, const OpenOptions& options = {});

/// Opens a record on a server.
using ServerOpener = std::function<std::shared_ptr<Storage>(const std::string& place, const OpenOptions& options)>;

/// Sets how open_storage() opens records on servers, for the whole process, instead of any earlier one. Thread-safe.
/// use_postgres() calls this.
void set_server_opener(ServerOpener opener);

}  // namespace approvekit
