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

    function test_times() {
        compare(Format.time(40), "0.04 µs")
        compare(Format.time(1500), "1.5 µs")
        compare(Format.time(812345), "812 µs")
        compare(Format.time(999600), "1.0 ms")
        compare(Format.time(9.64e6), "9.6 ms")
        compare(Format.time(1.24e9), "1.2 s")
    }

    function test_amounts() {
        compare(Format.percent(0.481), "48 %")
        compare(Format.percent(0.004), "0.4 %")
        compare(Format.bytes(92.4e6), "92 MB")
        compare(Format.bytes(4.08e9), "4.1 GB")
        compare(Format.bandwidth(24.6e9), "25 GB/s")
        compare(Format.bandwidth(4.57e12), "4.6 TB/s")
        compare(Format.timeLeft(20), "less than a minute left")
        compare(Format.timeLeft(300), "5 min left")
        compare(Format.timeLeft(7500), "2 h 5 min left")
        compare(Format.change(0.031), "+3 %")
        compare(Format.change(-0.121), "−12 %")
        compare(Format.change(0.004), "=")
        compare(Format.change(NaN), "")
        compare(Format.gpu(32, 32, true), "CUDA · 32/32 layers · graph")
        compare(Format.gpu(20, 32, false), "CUDA · 20/32 layers")
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
