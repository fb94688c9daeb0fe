#include "web/connection_pool.hpp"

#include "approvekit/error.hpp"
#include "support/catch.hpp"
#include "support/error_code_of.hpp"

#include <cstddef>
#include <string>

using approvekit::ErrorCode;
using approvekit::web::Capacity;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("H74 with files enough a server serves as many as wanted and says nothing of it") {
    for (const std::size_t streams : {std::size_t{1}, std::size_t{64}, std::size_t{1000}}) {
        const Capacity capacity = Capacity::within(20'000, 20, streams);
        CHECK(capacity.streams == streams);
        CHECK(capacity.connections == streams + 192);
        CHECK(capacity.note.empty());
    }
}

TEST_CASE("H74 with few files a server serves fewer, leaves some for the database, and says so") {
    for (const std::size_t limit : {std::size_t{100}, std::size_t{256}, std::size_t{300}}) {
        const Capacity capacity = Capacity::within(limit, 20, 64);
        CHECK(capacity.connections + 20 + 32 == limit);
        CHECK(capacity.streams >= 1);
        CHECK(capacity.streams < capacity.connections);
        CHECK_THAT(capacity.note, ContainsSubstring(std::to_string(limit) + " files"));
    }
    CHECK(Capacity::within(60, 20, 1).streams == 1);
}

TEST_CASE("H74 a server that no file is left for does not start") {
    for (const std::size_t limit : {std::size_t{0}, std::size_t{20}, std::size_t{52}, std::size_t{59}}) {
        const auto code = error_code_of([&] { static_cast<void>(Capacity::within(limit, 20, 64)); });
        CHECK(code == ErrorCode::server);
    }
}
