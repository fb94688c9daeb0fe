#pragma once

#include "approvekit/sqlite_storage.hpp"
#include "approvekit/storage.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace approvekit {

/// How open_storage() opens a record. The first three are for files: a record in a database server is made by a command
/// of its own, and its server says who may write it.
struct OpenOptions {
    Missing missing = Missing::create;
    Access access = Access::write;
    std::optional<Sharing> sharing;
    /// How often to look for changes where nothing tells of them; nothing: as the engine has it.
    std::optional<std::chrono::milliseconds> poll_interval;
    /// As PostgresStorage::Options::on_notice.
    std::function<void(const std::string&)> on_notice = {};
};

struct OpenedStorage {
    std::shared_ptr<Storage> storage;
    bool created = false;  ///< the record was not there before
};

/// Whether `place` names a database server, and not a file: it starts with postgresql:// or postgres://.
[[nodiscard]] bool is_server(const std::string& place) noexcept;

/// Throws Error (invalid_option) for the address of a server with a password in it, which others would see.
void check_server_address(const std::string& place);

/// Opens the record that `place` names: a file, or, in a program that has called use_postgres(), a PostgreSQL database,
/// postgresql://host/database. Thread-safe.
///
/// Throws Error (invalid_option) for a server that this program cannot use, for an address with a password in it, which
/// others would see, for a connection string in words, as "host=db.lan dbname=approvals", and for options that a server
/// does not have, and what the storage's constructor throws.
[[nodiscard]] OpenedStorage open_storage(const std::string& place, const OpenOptions& options = {});

/// Opens a record on a server.
using ServerOpener = std::function<std::shared_ptr<Storage>(const std::string& place, const OpenOptions& options)>;

/// How open_storage() opens records on servers from now on, in the whole process.
void set_server_opener(ServerOpener opener);

}  // namespace approvekit
