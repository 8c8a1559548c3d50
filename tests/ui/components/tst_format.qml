import QtQuick
import QtTest
import Altiplano.Ui

TestCase {
    name: "Format"

    function test_rate() {
        compare(Format.rate(104.4), "104 tok/s")
        compare(Format.rate(10.4), "10 tok/s")
        compare(Format.rate(9.84), "9.8 tok/s")
        compare(Format.rate(9.96), "10 tok/s")
    }

    function test_seconds() {
        compare(Format.seconds(0.042), "0.04 s")
        compare(Format.seconds(0.21), "0.2 s")
        compare(Format.seconds(12.4), "12 s")
    }

    function test_names() {
        compare(Format.fileName("/models/a b.gguf"), "a b.gguf")
        compare(Format.fileName("a.gguf"), "a.gguf")
        compare(Format.count(4096), "4,096")
        compare(Format.device("cpu", 2), "CPU, 2 threads")
        compare(Format.device("cpu", 1), "CPU")
        compare(Format.device("cuda", 0), "GPU")
    }
}
