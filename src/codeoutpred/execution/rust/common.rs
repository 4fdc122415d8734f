//! What programs most often make of the generic parts of the standard library, compiled once.
//!
//! Without optimisation a crate takes such code from those it knows, and compiles only the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

fn lists<T: Clone + Debug + PartialEq>(mut items: Vec<T>, item: T) {
    items.push(item.clone());
    items.insert(0, item.clone());
    items.extend(items.clone());
    items.extend(items.clone().iter().cloned());
    items.reverse();
    drop((items.pop(), items.remove(0), vec![item.clone(); 3], vec![item.clone(), item.clone()]));
    drop((items.first().cloned(), items.last().cloned(), items.get(0).cloned()));
    drop((items.contains(&item), items == items.clone(), items[0] == item, items[..1].to_vec()));
    items[0] = item.clone();
    drop(items.iter().rev().cloned().collect::<Vec<T>>());
    drop(items.iter().skip(1).take(1).cloned().collect::<Vec<T>>());
    for (at, one) in items.iter().enumerate() {
        println!("{} {:?}", at, one);
    }
    println!("{:?} {:?}", items, Some(&item));
    for one in items {
        println!("{:?}", one);
    }
}

fn ordered<T: Clone + Debug + Ord>(mut items: Vec<T>) {
    items.sort();
    drop((items.iter().max().cloned(), items.iter().min().cloned()));
    let mut set: BTreeSet<T> = items.iter().cloned().collect();
    drop(items.into_iter().collect::<BTreeSet<T>>());
    for one in &set.clone() {
        drop((set.contains(one), set.remove(one), set.insert(one.clone())));
    }
    println!("{:?} {} {:?}", set, set.len(), set.iter().cloned().collect::<Vec<T>>());
}

fn maps<K: Clone + Debug + Ord, V: Clone + Debug>(key: K, value: V) {
    let mut map = BTreeMap::new();
    map.insert(key.clone(), value.clone());
    *map.entry(key.clone()).or_insert(value.clone()) = value.clone();
    drop((map.contains_key(&key), map.get(&key).cloned(), map[&key].clone()));
    drop((map.get_mut(&key).is_some(), map.remove(&key), map.len(), map.clone()));
    drop((map.keys().cloned().collect::<Vec<K>>(), map.values().cloned().collect::<Vec<V>>()));
    let pair = || (key.clone(), value.clone());
    drop((BTreeMap::from([pair(), pair()]), BTreeMap::from([pair(), pair(), pair()])));
    drop(BTreeMap::from([pair(), pair(), pair(), pair()]));
    drop(vec![pair()].into_iter().collect::<BTreeMap<K, V>>());
    for (k, v) in &map {
        println!("{:?} {:?}", k, v);
    }
    println!("{:?}", map);
    for pair in map {
        println!("{:?}", pair);
    }
}

fn texts(text: &str, list: &[String]) {
    let mut own = text.to_string() + &text.repeat(2) + &list.join(text);
    own.push('a');
    own.push_str(&text.chars().rev().collect::<String>());
    drop((text.replace("a", text), text.replace('a', "b"), own.contains(text), own.find("a")));
    drop((text.find('a'), text.contains('a'), text.starts_with("a"), text.ends_with("a")));
    drop((text.split(' ').collect::<Vec<&str>>(), text.split("a").collect::<Vec<&str>>()));
    drop((text.split_whitespace().count(), text.trim(), text.to_uppercase(), text.to_lowercase()));
    drop((text.chars().collect::<Vec<char>>(), text.chars().count(), text.chars().nth(1)));
    drop((text.matches("a").count(), text.matches('a').count(), text < own.as_str()));
    drop((format!("{}{:?}", text, own), text == own, text.parse::<i64>(), text.bytes().max()));
}

fn numbers(items: &[i64]) {
    drop((items.iter().sum::<i64>(), items.iter().product::<i64>(), items.iter().copied().max()));
    drop(((0..9).collect::<Vec<i64>>(), (0..9).rev().step_by(2).sum::<i64>(), (0..=9).max()));
    drop((items.iter().copied().min(), format!("{} {}", items[0], 1.5)));
}

/// Never called: to be compiled is enough.
pub fn instances() {
    texts("", &[]);
    numbers(&[1]);
    lists(vec![0_i64], 0);
    lists(vec![String::new()], String::new());
    lists(vec![""], "");
    lists(vec!['a'], 'a');
    lists(vec![true], true);
    lists(vec![0.0], 0.0);
    lists(vec![(String::new(), 0_i64)], (String::new(), 0));
    lists(vec![("", 0_i64)], ("", 0));
    ordered(vec![0_i64]);
    ordered(vec![String::new()]);
    ordered(vec!['a']);
    ordered(vec![(String::new(), 0_i64)]);
    maps(0_i64, 0_i64);
    maps(String::new(), 0_i64);
    maps("", 0_i64);
    maps('a', 0_i64);
    maps(0_i64, String::new());
    maps(String::new(), String::new());
    maps(String::new(), Vec::<i64>::new());
}
