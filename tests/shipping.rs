//! What ships the program agrees with the program: ports, paths, the health route, the features.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::process::Command;

fn read(path: &str) -> String {
    fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn help(command: &str) -> String {
    let program = env!("CARGO_BIN_EXE_signalman");
    let output = Command::new(program)
        .args([command, "--help"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_port_is_the_same_everywhere() {
    let fly: toml::Table = read("fly.toml").parse().unwrap();
    let port = fly["http_service"]["internal_port"].as_integer().unwrap();
    assert!(help("serve").contains(&format!("0.0.0.0:{port}")));
    assert!(read("Dockerfile").contains(&format!("EXPOSE {port}")));
    assert_eq!(fly["metrics"]["port"].as_integer().unwrap(), port);
}

#[test]
fn the_health_route_is_one_the_service_answers() {
    let fly: toml::Table = read("fly.toml").parse().unwrap();
    let checks = fly["http_service"]["checks"].as_array().unwrap();
    let served = read("src/web/mod.rs");
    for check in checks.iter().chain([&fly["metrics"]]) {
        let path = check["path"].as_str().unwrap();
        assert!(served.contains(&format!(".route(\"{path}\"")), "{path}");
    }
}

#[test]
fn the_store_lies_on_the_mounted_volume() {
    let fly: toml::Table = read("fly.toml").parse().unwrap();
    let mount = fly["mounts"]
        .as_array()
        .map_or(&fly["mounts"], |all| &all[0]);
    let mount = mount["destination"].as_str().unwrap();
    let store = fly["env"]["STORE"].as_str().unwrap();
    assert!(store.starts_with(mount), "{store} is not on {mount}");
    assert!(help("serve").contains("STORE"));
}

#[test]
fn every_setting_of_fly_is_one_the_program_knows() {
    let fly: toml::Table = read("fly.toml").parse().unwrap();
    let help = help("serve");
    for name in fly["env"].as_table().unwrap().keys() {
        assert!(
            help.contains(&format!("[env: {name}")) || name == "RUST_LOG",
            "{name}"
        );
    }
}

#[test]
fn the_image_leaves_the_practice_trello_out() {
    assert!(read("Dockerfile").contains("--no-default-features"));
}
