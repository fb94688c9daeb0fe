// docs/openapi.yaml says what the server does: all of it, and nothing else.

#include "support/catch.hpp"
#include "support/eventually.hpp"
#include "support/openapi.hpp"
#include "support/web_fixture.hpp"
#include "web/authorization.hpp"
#include "web/route.hpp"

#include <cctype>
#include <filesystem>
#include <set>
#include <string>
#include <utility>

using namespace approvekit;
using namespace approvekit::testing;
using approvekit::web::Route;

namespace {

const std::filesystem::path project = APPROVEKIT_PROJECT_DIRECTORY;

OpenApi reference() {
    return OpenApi(project / "docs" / "openapi.yaml");
}

std::string lower(std::string text) {
    for (char& character : text)
        character = static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
    return text;
}

/// An address that fits the template.
std::string example_of(std::string path) {
    for (const auto& [name, value] :
         {std::pair{"{id}", "3f2a91bc"}, std::pair{"{file}", "main.js"}, std::pair{"{place}", "12"}}) {
        if (const auto at = path.find(name); at != std::string::npos) path.replace(at, std::string(name).size(), value);
    }
    return path;
}

/// An operation of the reference and a status that it may answer with: "GET /api/audit", 200.
using Answered = std::pair<std::string, int>;

/// Sends requests to a real server and compares its answers with the reference.
class Examiner {
public:
    WebFixture fixture;

    void expect(const std::string& operation, int status, const RawAnswer& answer) {
        INFO(operation << " answered " << answer.status << " " << answer.body);
        CHECK(answer.status == status);
        answered_.insert({operation, answer.status});
        const Json& content = content_of(operation, answer.status);
        const std::string type = answer.headers.at("content-type");
        const std::string plain_type = type.substr(0, type.find(';'));
        CHECK(content.contains(plain_type));
        if (plain_type != "application/json") return;
        const auto faults = api_.faults(content.at(plain_type).at("schema"), Json::parse(answer.body));
        CHECK(faults == std::vector<std::string>());
    }

    /// What the reference promises, besides the refusals that every operation has.
    [[nodiscard]] std::set<Answered> documented() const {
        std::set<Answered> all;
        for (const auto& [path, item] : api_.paths().items()) {
            for (const std::string method : {"get", "post"}) {
                if (!item.contains(method)) continue;
                for (const auto& [status, response] : item[method].at("responses").items()) {
                    if (status != "default")
                        all.insert({(method == "get" ? "GET " : "POST ") + path, std::stoi(status)});
                }
            }
        }
        return all;
    }

    [[nodiscard]] const std::set<Answered>& answered() const { return answered_; }

private:
    [[nodiscard]] const Json& content_of(const std::string& operation, int status) const {
        const auto space = operation.find(' ');
        const Json& responses =
            api_.paths().at(operation.substr(space + 1)).at(lower(operation.substr(0, space))).at("responses");
        const std::string key = std::to_string(status);
        return api_.follow(responses.at(responses.contains(key) ? key : "default")).at("content");
    }

    OpenApi api_ = reference();
    std::set<Answered> answered_;
};

void examine_page(Examiner& examiner) {
    const WebFixture& fixture = examiner.fixture;
    examiner.expect("GET /", 200, fixture.get("/", ""));
    for (const std::string file : {"main.js", "base.css", "icon.svg"})
        examiner.expect("GET /{file}", 200, fixture.get("/" + file, ""));
    for (const std::string view : {"/history", "/overview", "/record"})
        examiner.expect("GET " + view, 200, fixture.get(view, ""));
    examiner.expect("GET /requests/{id}", 200, fixture.get("/requests/3f2a", ""));
    examiner.expect("GET /calls/{place}", 200, fixture.get("/calls/12", ""));
}

void examine_session(Examiner& examiner) {
    WebFixture& fixture = examiner.fixture;
    const std::string json(json_type);
    const std::string browser = fixture.open_browser();
    examiner.expect("GET /api/session", 200, fixture.get("/api/session", browser));
    examiner.expect("GET /api/session", 200, fixture.get("/api/session"));
    examiner.expect("GET /api/session", 401, fixture.get("/api/session", ""));
    const std::string link = fixture.server.make_link();
    examiner.expect("POST /api/session", 200, fixture.sign_in(link, std::string(64, 'a')));
    examiner.expect("POST /api/session", 401, fixture.sign_in(link, std::string(64, 'b')));
    examiner.expect("POST /api/session", 400, fixture.post("/api/session", json, R"({"token": ""})"));
    examiner.expect("POST /api/session", 415, fixture.post("/api/session", "", "{}"));
}

void examine_sessions(Examiner& examiner) {
    WebFixture& fixture = examiner.fixture;
    const std::string operation = "POST /api/sessions/{id}/end";
    const std::string browser = fixture.open_browser();
    const RawAnswer listed = fixture.get("/api/sessions", browser);
    examiner.expect("GET /api/sessions", 200, listed);
    examiner.expect("GET /api/sessions", 401, fixture.get("/api/sessions", ""));
    const std::string id = Json::parse(listed.body).at("sessions").back().at("id").get<std::string>();
    const std::string address = "/api/sessions/" + id + "/end";
    examiner.expect(operation, 400, fixture.post(address, R"({"why": "lost"})"));
    examiner.expect(operation, 401, fixture.post(address, std::string(json_type), "{}"));
    examiner.expect(operation, 403, fixture.post(address, browser + std::string(json_type), "{}"));
    examiner.expect(operation, 404, fixture.post("/api/sessions/ffffffff/end", "{}"));
    examiner.expect(operation, 200, fixture.post(address, "{}"));
    examiner.expect("GET /api/sessions", 401, fixture.get("/api/sessions", browser));
}

void examine_link(Examiner& examiner) {
    WebFixture& fixture = examiner.fixture;
    examiner.expect("POST /api/link", 200, fixture.post("/api/link", "{}"));
    examiner.expect("POST /api/link", 400, fixture.post("/api/link", R"({"for": "ada"})"));
    examiner.expect("POST /api/link", 401, fixture.post("/api/link", json_type, "{}"));
    const std::string session = fixture.open_browser() + fixture.origin() + std::string(json_type);
    examiner.expect("POST /api/link", 403, fixture.post("/api/link", session, "{}"));
    examiner.expect("POST /api/link", 415, fixture.post("/api/link", fixture.bearer(), "{}"));
}

void examine_lists(Examiner& examiner) {
    const WebFixture& fixture = examiner.fixture;
    ApprovalRequest request = fixture.storage->make("send_email", {{"body", "[REDACTED]"}});
    request.redactions = {{"body", "string", "33-256", "1a2b3c4d"}};
    request.view_digest = view_digest(request);
    fixture.storage->submit(request);
    fixture.storage->add("drop_table");
    for (const std::string list : {"/api/requests", "/api/audit"}) {
        examiner.expect("GET " + list, 200, fixture.get(list));
        examiner.expect("GET " + list, 200, fixture.get(list + "?limit=1"));
        examiner.expect("GET " + list, 400, fixture.get(list + "?limit=0"));
        examiner.expect("GET " + list, 401, fixture.get(list, ""));
    }
    examiner.expect("GET /api/requests/{id}", 200, fixture.get("/api/requests/" + request.id));
    examiner.expect("GET /api/requests/{id}", 401, fixture.get("/api/requests/" + request.id, ""));
    examiner.expect("GET /api/requests/{id}", 404, fixture.get("/api/requests/ffffffff"));
    fixture.storage->add("one", {}, "twin-1");
    fixture.storage->add("two", {}, "twin-2");
    examiner.expect("GET /api/requests/{id}", 409, fixture.get("/api/requests/twin"));
}

void examine_history(Examiner& examiner) {
    const WebFixture& fixture = examiner.fixture;
    FailingStorage& storage = *fixture.storage;
    Reviewer(fixture.storage, "ada", "web").reject(storage.add("drop_table").id);
    for (int number = 0; number < 2; ++number) {
        const std::string entry = storage.record_intent({"read", "{}", "{}", ""});
        storage.finish({entry, std::string(auto_request_id), "read", RunState::executed, ""});
    }
    storage.flush();
    for (const std::string list : {"/api/calls", "/api/calls/count", "/api/calls/export", "/api/stats"}) {
        examiner.expect("GET " + list, 200, fixture.get(list));
        examiner.expect("GET " + list, 400, fixture.get(list + "?since=yesterday"));
        examiner.expect("GET " + list, 401, fixture.get(list, ""));
    }
    examiner.expect("GET /api/calls", 200, fixture.get("/api/calls?fold=true&limit=1"));
    examiner.expect("GET /api/calls/export", 200, fixture.get("/api/calls/export?format=csv"));
    const std::string operation = "GET /api/calls/{place}";
    const Json call = Json::parse(fixture.get("/api/calls?limit=1").body).at("calls").at(0);
    const std::string address = "/api/calls/" + call.at("decision").at("sequence").dump();
    examiner.expect(operation, 200, fixture.get(address));
    examiner.expect(operation, 401, fixture.get(address, ""));
    examiner.expect(operation, 404, fixture.get("/api/calls/999999"));
}

/// The id of a request that accepts every verdict.
std::string id_of_open_request(const WebFixture& fixture) {
    ApprovalRequest request = fixture.storage->make("send_email");
    request.metadata["allow_answer"] = true;
    request.view_digest = view_digest(request);
    fixture.storage->submit(request);
    return request.id;
}

void examine_decision(Examiner& examiner, const std::string& verdict) {
    WebFixture& fixture = examiner.fixture;
    const std::string operation = "POST /api/requests/{id}/" + verdict;
    const auto address = [&](const std::string& id) { return "/api/requests/" + id + "/" + verdict; };
    const std::string wanted = address(id_of_open_request(fixture));

    examiner.expect(operation, 400, fixture.post(wanted, R"({"note": "misspelt"})"));
    examiner.expect(operation, 401, fixture.post(wanted, std::string(json_type), "{}"));
    examiner.expect(operation, 403, fixture.post(wanted, fixture.open_browser() + std::string(json_type), "{}"));
    examiner.expect(operation, 404, fixture.post(address("ffffffff"), "{}"));
    if (verdict != "reject") {  // a rejection counts whatever was seen
        examiner.expect(operation, 409, fixture.post(wanted, R"({"view": "of something else"})"));
    }
    const std::string head = "POST " + wanted + " HTTP/1.1\r\nHost: " + fixture.host() + "\r\n" + fixture.bearer();
    examiner.expect(operation, 411, fixture.connect().ask(head + std::string(json_type) + "\r\n"));
    const std::string long_note = Json({{"notes", std::string(maximum_note_bytes + 1, 'x')}}).dump();
    examiner.expect(operation, 413, fixture.post(wanted, long_note));
    examiner.expect(operation, 415, fixture.post(wanted, fixture.bearer(), "{}"));
    Json body = {{"notes", "seen"}};
    if (verdict == "answer") body["answer"] = "no need";
    examiner.expect(operation, 200, fixture.post(wanted, body.dump()));
    examiner.expect(operation, 409, fixture.post(wanted, "{}"));

    const std::string late = fixture.storage->add("late").id;
    fixture.storage->lose_agent(late);
    examiner.expect(operation, 410, fixture.post(address(late), "{}"));
}

void examine_decisions(Examiner& examiner) {
    WebFixture& fixture = examiner.fixture;
    const std::string operation = "POST /api/decisions";
    const std::string path = "/api/decisions";
    const auto body_of = [](const std::string& notes, const std::vector<std::string>& ids) {
        Json requests = Json::array();
        for (const std::string& id : ids)
            requests.push_back({{"id", id}});
        return Json({{"verdict", "approve"}, {"notes", notes}, {"requests", requests}}).dump();
    };
    const std::string body = body_of("as agreed", {fixture.storage->add("one").id, "ffffffff"});
    examiner.expect(operation, 400, fixture.post(path, body_of("", {})));
    examiner.expect(operation, 401, fixture.post(path, std::string(json_type), body));
    examiner.expect(operation, 403, fixture.post(path, fixture.open_browser() + std::string(json_type), body));
    const std::string head = "POST " + path + " HTTP/1.1\r\nHost: " + fixture.host() + "\r\n" + fixture.bearer();
    examiner.expect(operation, 411, fixture.connect().ask(head + std::string(json_type) + "\r\n"));
    examiner.expect(operation, 413,
                    fixture.post(path, body_of(std::string(maximum_note_bytes + 1, 'x'), {"ffffffff"})));
    examiner.expect(operation, 415, fixture.post(path, fixture.bearer(), body));
    examiner.expect(operation, 200, fixture.post(path, body));
}

void examine_stops(Examiner& examiner) {
    WebFixture& fixture = examiner.fixture;
    const std::string order = R"({"reason": "wrong recipients", "tool": "mail.*"})";
    examiner.expect("POST /api/stops", 400, fixture.post("/api/stops", R"({"reason": " "})"));
    examiner.expect("POST /api/stops", 401, fixture.post("/api/stops", std::string(json_type), order));
    examiner.expect("POST /api/stops", 403,
                    fixture.post("/api/stops", fixture.open_browser() + std::string(json_type), order));
    examiner.expect("POST /api/stops", 415, fixture.post("/api/stops", fixture.bearer(), order));
    const RawAnswer stopped = fixture.post("/api/stops", order);
    examiner.expect("POST /api/stops", 200, stopped);
    examiner.expect("GET /api/stops", 200, fixture.get("/api/stops"));
    examiner.expect("GET /api/stops", 401, fixture.get("/api/stops", ""));

    const std::string operation = "POST /api/stops/{id}/resume";
    const std::string address =
        "/api/stops/" + Json::parse(stopped.body).at("stop").at("id").get<std::string>() + "/resume";
    examiner.expect(operation, 400, fixture.post(address, R"({"why": "mended"})"));
    examiner.expect(operation, 401, fixture.post(address, std::string(json_type), "{}"));
    examiner.expect(operation, 404, fixture.post("/api/stops/ffffffff/resume", "{}"));
    const std::string other = fixture.storage->stop({.reason = "a test"}, "bob", "terminal").id;
    fixture.storage->resume(other, "bob", "terminal");
    examiner.expect(operation, 409, fixture.post("/api/stops/" + other + "/resume", "{}"));
    examiner.expect(operation, 200, fixture.post(address, "{}"));
}

std::string given_grant(WebFixture& fixture) {
    ApprovalRequest asked = fixture.storage->make("mail", {{"to", "ana"}});
    asked.metadata["grants"] = {{"uses", 5}, {"for", 3600}};
    asked.view_digest = view_digest(asked);
    fixture.storage->submit(asked);
    const std::string path = "/api/requests/" + asked.id + "/approve";
    CHECK(fixture.post(path, R"({"grant": {"uses": 2, "for": "1h"}})").status == 200);
    return asked.id;
}

void examine_grants(Examiner& examiner) {
    WebFixture& fixture = examiner.fixture;
    const std::string id = given_grant(fixture);
    examiner.expect("GET /api/grants", 200, fixture.get("/api/grants"));
    examiner.expect("GET /api/grants", 401, fixture.get("/api/grants", ""));
    const std::string operation = "POST /api/grants/{id}/revoke";
    const std::string address = "/api/grants/" + id + "/revoke";
    examiner.expect(operation, 400, fixture.post(address, R"({"why": "mended"})"));
    examiner.expect(operation, 401, fixture.post(address, std::string(json_type), "{}"));
    examiner.expect(operation, 404, fixture.post("/api/grants/ffffffff/revoke", "{}"));
    examiner.expect(operation, 200, fixture.post(address, "{}"));
    const std::string other = given_grant(fixture);
    fixture.storage->revoke(other, "bob", "terminal");
    examiner.expect(operation, 409, fixture.post("/api/grants/" + other + "/revoke", "{}"));
}

void examine_events(Examiner& examiner) {
    const WebFixture& fixture = examiner.fixture;
    examiner.expect("GET /api/events", 401, fixture.get("/api/events", ""));
    std::vector<RawClient> listening;
    for (std::size_t count = 0; count < fixture.settings.maximum_streams; ++count) {
        listening.push_back(fixture.connect());
        examiner.expect("GET /api/events", 200,
                        listening.back().ask(fixture.get_text("/api/events", fixture.bearer())));
    }
    examiner.expect("GET /api/events", 503, fixture.get("/api/events"));
}

void examine_failures(Examiner& examiner) {
    const WebFixture& fixture = examiner.fixture;
    examiner.expect("GET /api/health", 200, fixture.get("/api/health", ""));
    fixture.storage->fail_with(ErrorCode::storage_io);
    examiner.expect("GET /api/requests", 500, fixture.get("/api/requests"));
    CHECK(eventually([&] { return fixture.get("/api/health", "").status != 200; }));
    examiner.expect("GET /api/health", 503, fixture.get("/api/health", ""));
    fixture.storage->fail_with(ErrorCode::storage_busy);
    examiner.expect("GET /api/requests", 503, fixture.get("/api/requests"));
}

}  // namespace

TEST_CASE("the reference has the addresses and methods that the server takes, and no other") {
    const OpenApi api = reference();
    std::set<Route::Kind> documented;
    for (const auto& [path, item] : api.paths().items()) {
        const Route route = web::find_route(example_of(path));
        documented.insert(route.kind);
        for (const std::string method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
            INFO(method << " " << path);
            const auto operation = item.find(lower(method));
            CHECK(route.allows(method) == (operation != item.end()));
            if (operation != item.end()) CHECK(route.is_public(method) == operation->contains("security"));
        }
    }
    for (int kind = 0; kind < static_cast<int>(Route::Kind::unknown); ++kind)
        CHECK(documented.contains(static_cast<Route::Kind>(kind)));
}

TEST_CASE("every answer that the reference names is given, and is as its schema says") {
    Examiner examiner;
    examine_page(examiner);
    examine_session(examiner);
    examine_sessions(examiner);
    examine_link(examiner);
    examine_lists(examiner);
    examine_history(examiner);
    examine_decision(examiner, "approve");
    examine_decision(examiner, "reject");
    examine_decision(examiner, "answer");
    examine_decisions(examiner);
    examine_stops(examiner);
    examine_grants(examiner);
    examine_events(examiner);
    examine_failures(examiner);
    CHECK(examiner.answered() == examiner.documented());
}
