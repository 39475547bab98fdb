// Templates of the library, exceptions, threads.
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>

int main() {
    std::map<std::string, int> values;
    std::thread([&] { values["x"] = 42; }).join();
    try {
        throw std::runtime_error("thrown");
    } catch (std::exception &error) {
        std::cout << error.what() << ": " << values["x"] << std::endl;
    }
}
