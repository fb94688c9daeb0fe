#include "approvekit/use_postgres.hpp"

#include "approvekit/open_storage.hpp"
#include "approvekit/postgres_storage.hpp"

#include <memory>
#include <string>
#include <utility>

namespace approvekit {

void use_postgres() {
    set_server_opener([](const std::string& place, const OpenOptions& options) -> std::shared_ptr<Storage> {
        PostgresStorage::Options server;
        if (options.poll_interval) server.poll_interval = *options.poll_interval;
        server.on_notice = options.on_notice;
        return std::make_shared<PostgresStorage>(place, std::move(server));
    });
}

}  // namespace approvekit
