// Tools that must not compile. Each line that ends with a mark must be refused with the sentence of that name in
// tests/agent/refused/check, and nothing else may be refused.
#include "approvekit/approvekit.hpp"

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <functional>
#include <future>
#include <initializer_list>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

using namespace approvekit;

struct Record {
    int number = 0;
};

inline void to_json(Json& json, const Record& record) {
    json = record.number;
}

struct Task {
    struct promise_type {
        Task get_return_object() { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() {}
    };
};

struct Awaitable {
    bool await_ready() { return true; }
    void await_suspend(std::coroutine_handle<>) {}
    int await_resume() { return 1; }
};

struct MemberAwaited {
    Awaitable operator co_await() const { return {}; }
};

struct FreelyAwaited {};
inline Awaitable operator co_await(FreelyAwaited) {
    return {};
}

struct TraitsAwaited {};
template <typename... Parameters>
struct std::coroutine_traits<TraitsAwaited, Parameters...> {
    struct promise_type : Task::promise_type {
        TraitsAwaited get_return_object() { return {}; }
    };
};

using Text = std::string_view;

void borrowing(const ApproveKit& kit) {
    (void)kit.guard("t", {"a"}, [](std::span<const int>) {});                                // borrows
    (void)kit.guard("t", {"a"}, [](std::span<int, 3>) {});                                   // borrows
    (void)kit.guard("t", {"a"}, [](const std::vector<Text>&) {});                            // borrows
    (void)kit.guard("t", {"a"}, [](const std::vector<const char*>&) {});                     // borrows
    (void)kit.guard("t", {"a"}, [](const std::map<std::string, Text>&) {});                  // borrows
    (void)kit.guard("t", {"a"}, [](const std::map<Text, std::string>&) {});                  // borrows
    (void)kit.guard("t", {"a"}, [](std::set<Text>) {});                                      // borrows
    (void)kit.guard("t", {"a"}, [](std::optional<Text>) {});                                 // borrows
    (void)kit.guard("t", {"a"}, [](std::variant<int, Text>) {});                             // borrows
    (void)kit.guard("t", {"a"}, [](std::pair<int, const char*>) {});                         // borrows
    (void)kit.guard("t", {"a"}, [](std::tuple<int, Text, int>) {});                          // borrows
    (void)kit.guard("t", {"a"}, [](std::array<Text, 2>) {});                                 // borrows
    (void)kit.guard("t", {"a"}, [](const std::list<std::vector<std::optional<Text>>>&) {});  // borrows
    (void)kit.guard("t", {"a"}, [](const int*) {});                                          // borrows
    (void)kit.guard("t", {"a"}, [](Record*) {});                                             // borrows
    (void)kit.guard("t", {"a"}, [](const wchar_t*) {});                                      // borrows
    (void)kit.guard("t", {"a"}, [](std::unique_ptr<Record>) {});                             // borrows
    (void)kit.guard("t", {"a"}, [](const std::shared_ptr<Record>&) {});                      // borrows
    (void)kit.guard("t", {"a"}, [](std::weak_ptr<Record>) {});                               // borrows
    (void)kit.guard("t", {"a"}, [](std::vector<std::shared_ptr<Record>>) {});                // borrows
    (void)kit.guard("t", {"a"}, [](std::reference_wrapper<Record>) {});                      // borrows
    (void)kit.guard("t", {"a"}, [](std::vector<std::reference_wrapper<std::string>>) {});    // borrows
    (void)kit.guard("t", {"a"}, [](std::initializer_list<int>) {});                          // borrows
    (void)kit.guard("t", {"a", "b"}, [](int, std::wstring_view) {});                         // borrows
    (void)kit.guard("t", {"a"}, std::function<void(const std::vector<Text>&)>());            // borrows
    (void)kit.guard("t", {"a"}, [](std::tuple<const std::string&, int>) {});                 // borrows
    (void)kit.guard("t", {"a"}, [](std::vector<std::pair<const std::string&, int>>) {});     // borrows
    (void)kit.guard("t", {"a"}, [](Text&) {});                                               // borrows
    (void)kit.guard("t", {"a"}, [](char*) {});                                               // borrows
    const auto open = kit.guard("t", {"a"}, [](const auto&) {});
    open(std::vector<Text>{"a"});  // borrows
}

void losing(const ApproveKit& kit) {
    (void)kit.guard("t", {"a"}, [](const std::multimap<std::string, std::string>&) {});          // loses
    (void)kit.guard("t", {"a"}, [](std::vector<std::unordered_multimap<std::string, int>>) {});  // loses
    (void)kit.guard("t", {"a"}, [](long double) {});                                             // loses
    (void)kit.guard("t", {"a"}, [](std::map<std::string, long double>) {});                      // loses
}

enum class Bare { one, two };

void ending_later(const ApproveKit& kit) {
    (void)kit.guard("t", {"a"}, [](int) { return std::future<int>(); });                   // ends later
    (void)kit.guard("t", {"a"}, [](int) { return std::shared_future<void>(); });           // ends later
    (void)kit.guard("t", {"a"}, [](int) { return std::thread(); });                        // ends later
    (void)kit.guard("t", {"a"}, [](const std::string&) -> Task { co_return; });            // ends later
    (void)kit.guard("t", {"a"}, [](int) { return Awaitable(); });                          // ends later
    (void)kit.guard("t", {"a"}, [](int) { return MemberAwaited(); });                      // ends later
    (void)kit.guard("t", {"a"}, [](int) { return FreelyAwaited(); });                      // ends later
    (void)kit.guard("t", {"a"}, [](int) { return TraitsAwaited(); });                      // ends later
    (void)kit.guard("t", {"a"}, [](int) { return std::vector<std::future<char>>(); });     // ends later
    (void)kit.guard("t", {"a"}, [](int) { return std::optional<Task>(); });                // ends later
    (void)kit.guard("t", {"a"}, [](int) { return std::packaged_task<void()>(); });         // ends later
    (void)kit.guard("t", {"a"}, [](int) { return std::packaged_task<int(int)>(); });       // ends later
    (void)kit.guard("t", {"a"}, [](int) { return std::promise<int>(); });                  // ends later
    (void)kit.guard("t", {"a"}, [](int) { return std::function<void()>(); });              // ends later
    (void)kit.guard("t", {"a"}, [](int n) { return [n] { return n; }; });                  // ends later
    (void)kit.guard("t", {"a"}, [](int n) { return std::bind(std::negate<>(), n); });      // ends later
    (void)kit.guard("t", {"a"}, [](int) -> void (*)() { return nullptr; });                // ends later
    (void)kit.guard("t", {"a"}, [](int) { return std::vector<std::function<int()>>(); });  // ends later
    (void)kit.guard("t", [](const Json&) { return std::function<long()>(); });             // ends later
    kit.call("t", "{}", [](const Json&) { return std::packaged_task<char()>(); });         // ends later
    (void)kit.guard("t", {}, [] { return std::future<long>(); });                          // ends later
    (void)kit.guard("t", [] { return std::future<short>(); });                             // ends later
    (void)kit.guard("t", [](const Json&) { return std::future<float>(); });                // ends later
    (void)kit.guard("t", [](const Json&, int) -> Task { co_return; });                     // ends later
    kit.call("t", "{}", [](const Json&) { return std::future<double>(); });                // ends later
    (void)kit.try_call("t", "{}", [](const Json&) { return std::future<bool>(); });        // ends later
    const auto open = kit.guard("t", {"a"}, [](auto) { return std::future<unsigned>(); });
    open(1);  // ends later
}

void going_on(const ApproveKit& kit, Tools& tools) {
    (void)kit.guard("t", {"a"}, [](int, Completion<int>) {});                                // control elsewhere
    (void)kit.guard("t", {"a"}, [](std::stop_token, int) {});                                // control elsewhere
    (void)kit.guard("t", {"a"}, [](Completion<int>, std::stop_token, int) {});               // control elsewhere
    (void)kit.guard("t", [](const Json&, Completion<int>) {});                               // control elsewhere
    (void)kit.guard("t", {}, [](Completion<int>, Completion<int>) {});                       // control elsewhere
    tools.add("t", {"a"}, [](const std::string&, Completion<int>) {});                       // control elsewhere
    (void)kit.guard("t", {"a"}, [](const Completion<int>&, int) {});                         // borrows its completion
    (void)kit.guard("t", {}, [](Completion<int>&&) {});                                      // borrows its completion
    tools.add("t", {"a"}, [](Completion<void>&, int) {});                                    // borrows its completion
    (void)kit.guard("t", {"a"}, [](Completion<int>, const std::string&) {});                 // borrows for later
    (void)kit.guard("t", {"a"}, [](Completion<int>, Text) {});                               // borrows for later
    (void)kit.guard("t", {"a"}, [](Completion<int>, const char*) {});                        // borrows for later
    (void)kit.guard("t", {"a", "b"}, [](Completion<int>, int, std::string&&) {});            // borrows for later
    (void)kit.guard("t", {"a"}, [](Completion<int>, Record&, std::stop_token) {});           // borrows for later
    (void)kit.guard("t", [](Completion<int>, const Json&) {});                               // borrows for later
    kit.call("t", "{}", [](Completion<long>, const Json&) {});                               // borrows for later
    tools.add("t", {"a"}, [](Completion<long>, const std::string&) {});                      // borrows for later
    (void)kit.guard("t", {"a"}, [](Completion<int>, int) { return 1; });                     // returns as well
    (void)kit.guard("t", {"a"}, [](Completion<void>, int) -> Task { co_return; });           // returns as well
    tools.add("t", {"a"}, [](Completion<long>, int) { return 1; });                          // returns as well
    (void)kit.guard("t", {"a"}, [](Completion<int>, std::vector<Text>) {});                  // borrows
    (void)kit.guard("t", {"a"}, [](Completion<std::future<int>>, int) {});                   // ends later
    tools.add("t", {"a"}, [](Completion<std::future<long>>, int) {});                        // ends later
    tools.add("t", {"a", "b", "c"}, [](Completion<int>, int, int, Bare) {});                 // bare enum
    tools.add("t", {"a", "b"}, [](Completion<int>, int, std::stop_token) {});                // tool has other names
    (void)kit.guard("t", {"a"}, [](int) { return Ticket<int>(PendingCall::refused({})); });  // ends later
}

enum Plain { three };
enum class Text_named { four };
NLOHMANN_JSON_SERIALIZE_ENUM(Text_named, {{Text_named::four, "four"}})

struct WriteOnly {
    int number = 0;
};
inline void to_json(Json& json, const WriteOnly& value) {
    json = value.number;
}
struct Silent {};

void registered(Tools& tools) {
    tools.add("t", {"a"}, [](std::span<const long>) {});                    // argument borrows
    tools.add("t", {"a", "b"}, [](int, const std::vector<Text>&) {});       // argument borrows
    tools.add("t", {"a"}, [](std::shared_ptr<Record>) {});                  // argument borrows
    tools.add("t", {"a"}, [](long double) {});                              // argument loses
    tools.add("t", {"a"}, [](Bare) {});                                     // bare enum
    tools.add("t", {"a", "b"}, [](int, Bare) {});                           // bare enum
    tools.add("t", {"a"}, [](Plain) {});                                    // bare enum
    tools.add("t", {"a"}, [](const std::vector<std::optional<Bare>>&) {});  // bare enum
    tools.add("t", {"a"}, [](std::byte) {});                                // bare enum
    tools.add("t", {"a"}, [](WriteOnly) {});                                // argument does not convert
    tools.add("t", {"a", "b"}, [](int, std::map<std::string, Silent>) {});  // argument does not convert
    tools.add("t", {"a"}, [](std::chrono::steady_clock::time_point) {});    // argument does not convert
    tools.add("t", {"a"}, [](int) { return Silent(); });                    // answer does not convert
    tools.add("t", {"a"}, [](int) { return std::future<std::string>(); });  // ends later
    tools.add("t", {"a", "b"}, [](int) {});                                 // tool has other names
    tools.add("t", {}, [](int) {});                                         // tool has other names
    tools.add("t", [](int) {});                                             // tool takes no JSON
    tools.add("t", {"a"}, [](auto) {});                                     // tool is generic
}

// Similar tools that are not refused.
void taken(const ApproveKit& kit, Tools& tools) {
    tools.add("t", {"a", "b"}, [](Text_named, std::optional<std::chrono::seconds>) { return Record(); });
    tools.add("t", {"a", "b"}, [](Text, const std::vector<std::variant<int, std::string>>&) {});
    kit.guard("t", {"a", "b", "c"}, [](std::string_view, const char*, const std::string&) {})("a", "b", "c");
    kit.guard("t", {"a"}, [](const std::vector<std::vector<std::string>>&) {})({});
    kit.guard("t", {"a"}, [](std::map<std::string, std::array<Record, 2>>) {})({});
    kit.guard("t", {"a", "b"}, [](std::set<std::string, std::less<>>, const std::vector<bool>&) {})({}, {});
    kit.guard("t", {"a"}, [](const auto& text) { return text.size(); })("a literal");
    kit.guard("t", {"a"}, [](const auto& text) { return text.size(); })(Text("a view"));
    kit.guard("t", {"a"}, [](int) { return std::map<std::string, int, std::less<>>(); })(1);
    kit.guard("t", {"a"}, [](int) { return std::unordered_map<std::string, Record>(); })(1);
    kit.guard("t", {"a"}, [](int) { return std::unique_ptr<Record, void (*)(Record*)>(nullptr, nullptr); })(1);
    kit.guard("t", {"a"}, [](int) { return std::true_type(); })(1);
    kit.guard("t", {"a"}, [](Completion<Record> done, std::string) { done.complete({}); })("owned");
    (void)kit.guard("t", {"a"}, [](Record&, std::stop_token) {});
    tools.add("t", {"a"}, [](Completion<std::string>, std::optional<int>, std::stop_token) {});
    kit.guard("t", [](const Json&, Record* unseen, std::string_view) { return unseen; })({}, nullptr, "unseen");
    (void)kit.guard("t", [](const Json&, std::string_view) {}).submit({}, "kept as a text");
}
