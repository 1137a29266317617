//! The door: hands the command line to `cli/`.

fn main() -> std::process::ExitCode {
    signalman::cli::main()
}
