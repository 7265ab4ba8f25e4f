fn main() {
    println!("The shop is open");
}
