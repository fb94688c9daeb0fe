#include "approvekit/postgres_storage.hpp"

#include "postgres/schema.hpp"
#include "postgres/storage_implementation.hpp"

#include <utility>

namespace approvekit {

using namespace postgres;

PostgresStorage::PostgresStorage(const std::string& connection) : PostgresStorage(connection, Options{}) {}

PostgresStorage::PostgresStorage(const std::string& connection, Options options)
    : implementation_(std::make_unique<Implementation>(connection, std::move(options))) {}

PostgresStorage::~PostgresStorage() {
    if (implementation_->in_child()) {
        // Closing would end connections that belong to the parent.
        static_cast<void>(implementation_.release());
        return;
    }
    implementation_->close();
}

void PostgresStorage::create(const std::string& connection, int lanes) {
    Connection server{Target(connection)};
    create_schema(server, lanes);
}

std::int64_t PostgresStorage::upgrade(const std::string& connection) {
    Connection server{Target(connection)};
    return upgrade_schema(server);
}

std::string PostgresStorage::grants_for(const std::string& role) {
    return postgres::grants_for(role);
}

const std::string& PostgresStorage::place() const noexcept {
    return implementation_->place();
}

record::OpenRecord& PostgresStorage::opened() {
    return *implementation_;
}

}  // namespace approvekit
