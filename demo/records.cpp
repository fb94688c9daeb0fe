#include "records.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <stdexcept>
#include <string>

namespace approvekit::demo {
namespace {

constexpr const char* first_records =
    "CREATE TABLE records(id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, ssn TEXT NOT NULL);"
    "INSERT INTO records VALUES"
    " (1, 'Harbour Bakery',  'bakery@example.com',  '000-11-0001'),"
    " (2, 'Hillside Garage', 'garage@example.com',  '000-22-0002'),"
    " (3, 'Riverside Books', 'books@example.com',   '000-33-0003')";

}  // namespace

Records::Records(const std::filesystem::path& file)
    : database_(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
    SQLite::Transaction transaction(database_);
    if (!database_.tableExists("records")) database_.exec(first_records);
    transaction.commit();
}

Json Records::read(int id) {
    SQLite::Statement row(database_, "SELECT name, email, ssn FROM records WHERE id = ?");
    row.bind(1, id);
    if (!row.executeStep()) throw std::out_of_range("there is no record " + std::to_string(id));
    return {{"id", id},
            {"name", row.getColumn(0).getString()},
            {"email", row.getColumn(1).getString()},
            {"ssn", row.getColumn(2).getString()}};
}

bool Records::matches(const Json& customer) {
    const Json record = read(customer.at("id").get<int>());
    return record["email"] == customer.at("email") && record["ssn"] == customer.at("ssn");
}

int Records::remove(const std::vector<int>& ids) {
    SQLite::Transaction transaction(database_);
    SQLite::Statement removal(database_, "DELETE FROM records WHERE id = ?");
    int removed = 0;
    for (const int id : ids) {
        removal.bind(1, id);
        removed += removal.exec();
        removal.reset();
    }
    transaction.commit();
    return removed;
}

std::vector<int> Records::ids() {
    SQLite::Statement rows(database_, "SELECT id FROM records ORDER BY id");
    std::vector<int> ids;
    while (rows.executeStep())
        ids.push_back(rows.getColumn(0).getInt());
    return ids;
}

}  // namespace approvekit::demo
