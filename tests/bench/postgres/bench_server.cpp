#include "bench_server.hpp"

#include "approvekit/postgres_storage.hpp"

#include <exception>
#include <iostream>
#include <sstream>

namespace approvekit::bench {
namespace {

testing::ChildProcess::Options in(const std::filesystem::path& parent, const std::string& settings) {
    testing::ChildProcess::Options options;
    options.environment = {"APPROVEKIT_CLUSTER_PARENT=" + parent.string(),
                           "APPROVEKIT_CLUSTER_SETTINGS=fsync = on\n" + settings};
    return options;
}

}  // namespace

std::string as_parameters(const std::string& connection) {
    std::istringstream words(connection);
    std::string parameters;
    for (std::string word; words >> word;) {
        if (!word.starts_with("dbname=")) parameters += (parameters.empty() ? "?" : "&") + word;
    }
    return parameters;
}

BenchServer::BenchServer(const std::filesystem::path& parent, const std::string& settings)
    : script_({APPROVEKIT_TESTS_DIRECTORY "/postgres/cluster", "attend"}, in(parent, settings)) {
    script_.wait_for_output("\n");
    place_ = as_parameters(connection());
}

std::string BenchServer::connection() const {
    return script_.output().substr(0, script_.output().find('\n'));
}

BenchServer::~BenchServer() {
    try {
        script_.close_input();
        script_.wait();
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
    }
}

std::string BenchServer::new_record(const std::string& name, int lanes) const {
    postgres::Connection server = connection_to("postgresql:///postgres" + place_);
    server.script("CREATE DATABASE " + name);
    std::string address = "postgresql:///" + name + place_;
    PostgresStorage::create(address, lanes);
    return address;
}

postgres::Connection connection_to(const std::string& address) {
    return postgres::Connection(postgres::Target(address));
}

std::int64_t size_of_audit(const std::string& address) {
    postgres::Connection server = connection_to(address);
    postgres::Rows size = server.rows(
        "SELECT pg_total_relation_size('approvekit.approvekit_audit') + "
        "pg_total_relation_size('approvekit.audit_log')");
    size.next();
    return size.integer(0);
}

}  // namespace approvekit::bench
